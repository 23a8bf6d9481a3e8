import CherryCore
import CherryJournal
import Foundation
import Testing

@testable import CherryObservability

@Suite("What answers mean")
struct HTTPVerdictTests {
    @Test("Statuses", arguments: [200, 204, 299])
    func accepted(status: Int) {
        #expect(HTTPVerdict(status: status, retryAfter: nil) == .accepted)
    }

    @Test(
        "The server's own failures and its asking for patience mean later",
        arguments: [408, 425, 429, 500, 502, 503, 599]
    )
    func later(status: Int) {
        #expect(HTTPVerdict(status: status, retryAfter: nil) == .later(reason: "http_\(status)", pause: nil))
        #expect(
            HTTPVerdict(status: status, retryAfter: .seconds(9))
                == .later(reason: "http_\(status)", pause: .seconds(9))
        )
    }

    @Test(
        "Wrong credentials and wrong addresses lose nothing and wait long",
        arguments: [301, 401, 403, 404, 405, 415]
    )
    func person(status: Int) {
        #expect(
            HTTPVerdict(status: status, retryAfter: nil)
                == .later(reason: "http_\(status)", pause: HTTPVerdict.personPause)
        )
    }

    @Test("Bad requests are refused; large ones are too large")
    func refused() {
        #expect(HTTPVerdict(status: 400, retryAfter: nil) == .refused(reason: "http_400"))
        #expect(HTTPVerdict(status: 422, retryAfter: nil) == .refused(reason: "http_422"))
        #expect(HTTPVerdict(status: 413, retryAfter: nil) == .tooLarge(reason: "http_413"))
    }

    @Test("A time to wait is a number of seconds or a date")
    func retryAfter() {
        let now = Timestamp(milliseconds: 784_111_777_000)  // Sun, 06 Nov 1994 08:49:37 GMT
        func wait(_ text: String) -> Duration? { RetryAfter.duration(text, now: now) }
        #expect(wait("0") == .zero)
        #expect(wait(" 120\t") == .seconds(120))
        #expect(wait("99999999999999999999999") == RetryAfter.limit)
        #expect(wait("Sun, 06 Nov 1994 08:50:37 GMT") == .seconds(60))
        #expect(wait("Sun, 06 Nov 1994 08:00:00 GMT") == .zero)
        #expect(wait("Sun, 06 Nov 2094 08:00:00 GMT") == RetryAfter.limit)
        for text in ["", "soon", "-1", "1.5", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT"] {
            #expect(wait(text) == nil)
        }
    }

    @Test("Credentials become one header, and show nowhere else")
    func credentials() {
        #expect(HTTPCredential.none.header == nil)
        #expect(HTTPCredential.basic(user: "anna", password: Secret("word")).header?.value == "Basic YW5uYTp3b3Jk")
        #expect(HTTPCredential.bearer(Secret("abc")).header?.value == "Bearer abc")
        #expect(HTTPCredential.apiKey(Secret("abc")).header?.value == "ApiKey abc")
        #expect(!"\(HTTPCredential.basic(user: "anna", password: Secret("hush")))".contains("hush"))
    }

    @Test(
        "Every reason has an explanation",
        arguments: [
            "http_401", "net_untrusted", "fluent_denied", "http_503", "odd", "redirected", "unreachable", "too_large",
        ]
    )
    func explanations(reason: String) {
        #expect(!DeliveryReason.explanation(of: reason).message.isEmpty)
    }
}
