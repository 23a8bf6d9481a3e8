import NIOCore
import Testing

@testable import CherryNet

@Suite("Writing of requests")
struct RequestEncoderTests {
    private func encode(_ request: OutgoingRequest) throws -> String {
        String(buffer: try RequestEncoder.encode(request, to: WebAddress(request.url)))
    }

    @Test("A request has its fields in order, then a host and a length")
    func whole() throws {
        let request = OutgoingRequest(
            .post,
            "https://example.com:8443/v1?x=1",
            headers: [("B", "1"), ("A", "zwei \u{e4}"), ("B", "")],
            body: Array("{}".utf8)
        )
        #expect(
            try self.encode(request) == "POST /v1?x=1 HTTP/1.1\r\nB: 1\r\nA: zwei \u{e4}\r\nB: \r\n"
                + "Host: example.com:8443\r\nContent-Length: 2\r\n\r\n{}"
        )
    }

    @Test(
        "Without a body there is a length only where one is expected",
        arguments: [OutgoingRequest.Method.post, .put]
    )
    func lengths(_ method: OutgoingRequest.Method) throws {
        #expect(try self.encode(.init(method, "http://a")).contains("\r\nContent-Length: 0\r\n"))
        #expect(try self.encode(.init(.get, "http://a")) == "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try self.encode(.init(.delete, "http://a")) == "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n")
    }

    @Test("A host that was given is kept, and how the message is framed is not the caller's to say")
    func reserved() throws {
        let headers = [
            ("host", "signed.example"), ("Content-Length", "99"), ("Transfer-Encoding", "chunked"),
            ("Connection", "X-Key"), ("X-Key", "1"),
        ]
        let text = try self.encode(.init(.get, "http://a", headers: headers))
        #expect(text == "GET / HTTP/1.1\r\nhost: signed.example\r\nX-Key: 1\r\n\r\n")
    }

    @Test(
        "A field that would become two, or none, is refused",
        arguments: [
            ("A\r\nB", "x"), ("A", "x\r\nB: y"), ("A", "x\ny"), ("A", "\u{0}"), ("", "x"), ("A ", "x"), ("A:", "x"),
        ]
    )
    func refusals(_ name: String, _ value: String) throws {
        let error = try #require(throws: NetError.self) {
            _ = try self.encode(.init(.get, "http://a", headers: [(name, value)]))
        }
        #expect(error.code == .invalidAddress)
    }
}
