import CherryNet
import CherryTesting
import Foundation
import Testing

@Suite("HTTP transport: faults of the other side")
struct HTTPTransportFaultTests {
    /// Sends a request with a marker in every part that must never show, and reads the answer to the end.
    private func exchange(_ url: String, _ transport: HTTPTransport) async throws {
        let request = OutgoingRequest(
            .post,
            url + "/canary-path?token=canary-query",
            headers: [("Authorization", "Bearer canary-header")],
            body: Array("canary-body".utf8),
            reach: .anywhere
        )
        let response = try await transport.send(request)
        for try await _ in response.body {}
    }

    private func fault(
        limits: HTTPTransport.Limits = .small,
        _ steps: [ScriptedHTTPServer.Step],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> NetError.Code {
        var code: NetError.Code?
        try await withServer(limits: limits) { _ in
            steps
        } _: { server, transport in
            let error = try await netError { try await self.exchange(server.url, transport) }
            self.expectBland(error, sourceLocation: sourceLocation)
            code = error.code
        }
        return try #require(code)
    }

    private func expectBland(_ error: NetError, sourceLocation: SourceLocation) {
        let words = "\(error) \(error.message) \(error.hint ?? "") \(String(reflecting: error))"
        #expect(!words.contains("canary"), sourceLocation: sourceLocation)
    }

    @Test("A port on which nobody listens is unreachable, without waiting for it")
    func refused() async throws {
        let port = ScriptedHTTPServer.refusingPort
        let transport = HTTPTransport(configuration: .init(connect: .seconds(3600)))
        let error = try await netError { try await self.exchange("http://127.0.0.1:\(port)", transport) }
        #expect(error.code == .unreachable)
        await transport.shutdown()
    }

    @Test("A server that accepts and says nothing runs out of time for the first byte")
    func silent() async throws {
        #expect(try await self.fault(limits: .impatientStart, [.hang]) == .firstByteTimedOut)
    }

    @Test("Half a status line is not a first byte")
    func halfHead() async throws {
        #expect(try await self.fault(limits: .impatientStart, [.text("HTTP/1.1 2"), .hang]) == .firstByteTimedOut)
    }

    @Test("An answer that stops in the middle is stalled")
    func stalled() async throws {
        #expect(try await self.fault(limits: .impatientGap, [.head(200), .text("some"), .hang]) == .stalled)
    }

    @Test("The whole exchange is limited, however lively")
    func total() async throws {
        let limits = HTTPTransport.Limits(firstByte: .seconds(20), gap: .seconds(20), total: .milliseconds(300))
        #expect(try await self.fault(limits: limits, [.head(200), .text("some"), .hang]) == .tookTooLong)
    }

    @Test("A reset in the middle is a lost connection")
    func reset() async throws {
        #expect(try await self.fault([.head(200), .text("some"), .reset]) == .connectionLost)
    }

    @Test("A body shorter than announced is a lost connection")
    func short() async throws {
        #expect(try await self.fault([.head(200, ["Content-Length": "100"]), .text("some")]) == .connectionLost)
    }

    @Test("A close instead of an answer is a lost connection")
    func closed() async throws {
        #expect(try await self.fault([]) == .connectionLost)
    }

    @Test("What is not HTTP is garbled")
    func garbage() async throws {
        #expect(try await self.fault([.text("SSH-2.0-OpenSSH_9.2\r\n")]) == .garbled)
    }

    @Test("A body beyond the limit is refused")
    func tooLarge() async throws {
        #expect(try await self.fault([.head(200), .bytes(.init(repeating: 97, count: 70_000))]) == .tooLarge)
    }

    @Test("A small packed body that unpacks beyond the limit is refused")
    func bomb() async throws {
        let packed = try #require(Data(base64Encoded: Bombs.hundredThousandLetters))
        let code = try await self.fault([.head(200, ["Content-Encoding": "gzip"]), .bytes(Array(packed))])
        #expect(code == .tooLarge)
    }

    @Test("A packed body that is damaged is garbled")
    func damagedGzip() async throws {
        let code = try await self.fault([.head(200, ["Content-Encoding": "gzip"]), .text("this is not gzip at all")])
        #expect(code == .garbled)
    }

    @Test("Plain HTTP where TLS was expected is untrusted")
    func tls() async throws {
        try await withServer { _ in
            []
        } _: { server, transport in
            let error = try await netError {
                try await self.exchange("https://127.0.0.1:\(server.port)", transport)
            }
            #expect(error.code == .untrusted)
            self.expectBland(error, sourceLocation: #_sourceLocation)
        }
    }

    @Test("A header value that cannot be sent is refused without being repeated")
    func badHeader() async throws {
        try await withServer { _ in
            []
        } _: { server, transport in
            let request = OutgoingRequest(
                .get,
                server.url,
                headers: [("Authorization", "Bearer canary\r\nX: y")],
                reach: .anywhere
            )
            let error = try await netError { _ = try await transport.send(request) }
            #expect(error.code == .invalidAddress)
            self.expectBland(error, sourceLocation: #_sourceLocation)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("A request describes itself without its contents")
    func description() {
        let request = OutgoingRequest(
            .post,
            "http://canary",
            headers: [("canary", "canary")],
            body: Array("canary".utf8)
        )
        var dumped = ""
        dump(request, to: &dumped)
        #expect(!"\(request) \(String(reflecting: request)) \(dumped)".contains("canary"))
    }
}
