import HTTPTypes
import NIOCore
import Testing

@testable import CherryAPI

@Suite("Requests in plain form")
struct PlainRequestTests {
    private static let usual = """
        POST /v1/chat/completions?a=b HTTP/1.1\r\nHost: localhost:7700\r\nuser-agent: tool/1.0 (x; y)\r\n\
        AUTHORIZATION:Bearer ck-1 \r\nx-api-key:\tk\r\nAnthropic-Version: 2023-06-01\r\nOrigin: http://localhost\r\n\
        Cache-Control: no-store\r\nConnection: Keep-Alive\r\nContent-Length: 12\r\n\r\n
        """

    private func read(_ text: some StringProtocol) -> PlainRequest.Reading {
        ByteBuffer(string: String(text)).withUnsafeReadableBytes(PlainRequest.read)
    }

    private func request(_ text: some StringProtocol) -> PlainRequest? {
        if case .request(let request) = self.read(text) { request } else { nil }
    }

    /// A request with these lines after its first.
    private func head(_ lines: String..., first: String = "POST /v1/messages HTTP/1.1") -> String {
        ([first] + lines).map { $0 + "\r\n" }.joined() + "\r\n"
    }

    @Test("Everything that means something is read, in whatever case it is written")
    func usual() throws {
        let request = try #require(self.request(Self.usual + "{\"a\": [1,2]}"))
        #expect(request.method == .post)
        #expect(request.target == "/v1/chat/completions?a=b")
        #expect(request.host == "localhost:7700")
        #expect(request.authorization == "Bearer ck-1")
        #expect(request.apiKey == "k")
        #expect(request.anthropicVersion == "2023-06-01")
        #expect(request.origin == "http://localhost")
        #expect(request.cacheControl == "no-store")
        #expect(!request.closes)
        #expect(request.headLength == Self.usual.utf8.count)
        #expect(request.bodyLength == 12)
    }

    @Test("A head that is cut anywhere is incomplete, and whole with its last byte")
    func cut() {
        for length in 0..<Self.usual.utf8.count {
            #expect(self.read(Substring(Self.usual.utf8.prefix(length))) == .incomplete, "after \(length)")
        }
        #expect(self.request(Self.usual) != nil)
    }

    @Test("Without a body none is waited for")
    func bodyless() throws {
        let request = try #require(self.request(self.head("Host: h", first: "GET /v1/models HTTP/1.1")))
        #expect(request.method == .get)
        #expect(request.bodyLength == 0)
        #expect(request.authorization == nil)
    }

    @Test("The wish to close is heard")
    func closing() {
        #expect(self.request(self.head("Host: h", "Connection: close"))?.closes == true)
    }

    @Test(
        "What is for others is left to them from its first byte on",
        arguments: [
            "GET / HTTP/1.1\r\n", "P0", "POST /api", "PUT /v1/x", "HEAD /v1/models", "DELETE /v1/x", "post /v1/",
            " POST /v1/", "\r\nPOST /v1/", "GET  /v1/", "POST http://h/v1/", "\u{16}\u{3}\u{1}", "PRI * HTTP/2.0",
        ]
    )
    func others(_ text: String) {
        #expect(self.read(text) == .notPlain)
    }

    @Test(
        "A first line that is not exactly of the form is not plain",
        arguments: [
            "POST /v1/messages HTTP/1.0", "POST /v1/messages HTTP/2.0", "POST /v1/messages http/1.1",
            "POST /v1/messages  HTTP/1.1", "POST /v1/a b HTTP/1.1", "POST /v1/a#b HTTP/1.1", "POST /v1/ä HTTP/1.1",
            "POST /v1/a\u{1} HTTP/1.1", "POST /v1/messages", "POST /v1/messages HTTP/1.1 ", "POST /v1/a\r HTTP/1.1",
        ]
    )
    func firstLines(_ line: String) {
        #expect(self.read(self.head("Host: h", first: line)) == .notPlain)
    }

    @Test(
        "A field that has to be negotiated, is said twice or is not well-formed is not plain",
        arguments: [
            "Transfer-Encoding: chunked", "transfer-encoding: identity", "Expect: 100-continue", "Upgrade: websocket",
            "Trailer: x", "Connection: upgrade", "Connection: keep-alive, x", "Content-Length: -1",
            "Content-Length: +1", "Content-Length: 1, 1", "Content-Length:", "Content-Length: 0x1",
            "Content-Length: 262145", "Content-Length: 0000001", "Content-Length: 99999999999999999999", "Host: other",
            "hOST: h", " folded", "\tfolded", ": nameless", "Name : x", "Na me: x", "nothing", "Näme: x", "X: ä",
            "X: \u{0}", "X: \u{7F}", "X: a\rb", "X: a\r", "Content-Length : 5",
        ]
    )
    func fields(_ line: String) {
        #expect(self.read(self.head("Host: h", line)) == .notPlain)
    }

    @Test(
        "A field that matters is not plain when it is said twice, whatever it says",
        arguments: [
            "Content-Length: 5", "Authorization: Bearer a", "x-api-key: a", "Origin: http://h",
            "Cache-Control: no-store",
            "Connection: close", "anthropic-version: 1",
        ]
    )
    func doubles(_ line: String) {
        #expect(self.request(self.head("Host: h", line)) != nil)
        #expect(self.read(self.head("Host: h", line, line)) == .notPlain)
    }

    @Test("A head without a host is not plain, nor are lines that end in a line feed alone")
    func ends() {
        #expect(self.read(self.head("X: y")) == .notPlain)
        #expect(self.read("POST /v1/x HTTP/1.1\nHost: h\n\n") == .notPlain)
        #expect(self.read("POST /v1/x HTTP/1.1\r\nHost: h\n") == .notPlain)
    }

    @Test("A head that is too long is not plain, whole or not")
    func tooLong() {
        let long = "X: " + String(repeating: "x", count: PlainRequest.headLimit)
        #expect(self.read(self.head("Host: h", long)) == .notPlain)
        #expect(self.read("POST /v1/x HTTP/1.1\r\n" + long) == .notPlain)
    }
}
