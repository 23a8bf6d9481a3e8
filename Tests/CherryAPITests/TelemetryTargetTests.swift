import CherryCore
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import CherryAPI

@Suite("Destinations of telemetry over HTTP")
struct TelemetryTargetTests {
    private static let secret = "glsa_verysecret"

    @Test("A destination is set, its secret never shown, and taken away")
    func lifecycle() async throws {
        try await Stage().runUnlocked { visitor in
            let values: JSONObject = [
                "url": .string("http://127.0.0.1:9/"), "token": .string(Self.secret), "tenant": .string("home"),
            ]
            let set = try await visitor.call(.patch, "/api/v1/telemetry/loki", ["values": .object(values)])
            #expect(set.status == .ok)
            #expect(!set.text.contains(Self.secret))
            let loki = try #require(set["destinations"].array?.first { $0["kind"] == "loki" })
            #expect(loki["isSet"] == true)
            #expect(loki["secrets"]?.array == ["token"])
            let removed = try await visitor.call(.delete, "/api/v1/telemetry/loki")
            #expect(removed.status == .noContent)
            let again = try await visitor.call(.delete, "/api/v1/telemetry/loki")
            #expect(again.status == .notFound)
        }
    }

    @Test("A test right after a change goes to what was set last, and its failure is explained")
    func explained() async throws {
        try await Stage().runUnlocked { visitor in
            // Nobody listens there. The part that delivers does not even run.
            let values: JSONObject = ["url": .string("http://127.0.0.1:9/")]
            try await visitor.call(.patch, "/api/v1/telemetry/loki", ["values": .object(values)])
            let answer = try await visitor.call(.post, "/api/v1/telemetry/loki/test")
            #expect(answer.status == .ok)
            #expect(answer["outcome"] == "notNow")
            #expect(answer["reason"] == "net_unreachable")
            #expect(answer["message"].string?.contains("Nobody answers") == true)
            #expect(answer["hint"].string?.isEmpty == false)
            let unset = try await visitor.call(.post, "/api/v1/telemetry/sentry/test")
            #expect(unset.status == .notFound)
        }
    }
}
