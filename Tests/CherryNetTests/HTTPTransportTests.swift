import CherryNet
import CherryTesting
import Testing

@Suite("HTTP transport")
struct HTTPTransportTests {
    static let short = HTTPTransport.Limits(
        firstByte: .milliseconds(150), gap: .milliseconds(150), total: .seconds(5), size: 1 << 20)

    static func code(of work: () async throws -> Void) async -> NetError.Code? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? NetError)?.code
        }
    }

    @Test("An answer arrives with status, headers and body; the request with its own")
    func exchange() async throws {
        try await ScriptedHTTPServer.with({ _ in [.whole(201, "{\"ok\":true}", headers: ["X-One": "1"])] }) { server in
            let response = try await HTTPTransport().send(
                OutgoingRequest(.post, server.url + "/path?q=1", headers: [("X-Two", "2")], body: Array("hi".utf8)))
            #expect(response.status == 201)
            #expect(response.header("x-one") == "1")
            #expect(try await response.body.collect(upTo: 100) == Array("{\"ok\":true}".utf8))
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.target == "/path?q=1")
            #expect(request.header("X-Two") == "2")
            #expect(request.body == Array("hi".utf8))
        }
    }

    @Test("A redirect is an answer, not an order")
    func redirect() async throws {
        try await ScriptedHTTPServer.with({ _ in [.head(302, ["Location": "http://127.0.0.1:1/"])] }) { server in
            let response = try await HTTPTransport().send(OutgoingRequest(.get, server.url))
            #expect(response.status == 302)
            #expect(server.requests.count == 1)
        }
    }

    @Test("An answer can be read to its end although the transport is gone")
    func lastReference() async throws {
        try await ScriptedHTTPServer.with({ _ in [.head(200), .text("a"), .text("b")] }) { server in
            let response = try await HTTPTransport().send(OutgoingRequest(.get, server.url))
            let body = try await response.body.collect(upTo: 10)
            #expect(body == Array("ab".utf8))
        }
    }

    @Test("Nobody listening is unreachable")
    func unreachable() async throws {
        let port = try await ScriptedHTTPServer.unusedPort()
        let code = await Self.code { _ = try await HTTPTransport().send(OutgoingRequest(.get, "http://127.0.0.1:\(port)")) }
        #expect(code == .unreachable)
    }

    @Test("Silence before the answer and within it ends by its own limit")
    func silence() async throws {
        try await ScriptedHTTPServer.with({ _ in [.hang] }) { server in
            let code = await Self.code {
                _ = try await HTTPTransport().send(OutgoingRequest(.get, server.url, limits: Self.short))
            }
            #expect(code == .firstByteTimedOut)
        }
        try await ScriptedHTTPServer.with({ _ in [.eventStream, .text("data: x\n"), .hang] }) { server in
            let code = await Self.code {
                let response = try await HTTPTransport().send(OutgoingRequest(.get, server.url, limits: Self.short))
                for try await _ in response.body {}
            }
            #expect(code == .stalled)
        }
    }

    @Test("An answer that is too large is refused while it arrives")
    func tooLarge() async throws {
        let piece = String(repeating: "x", count: 64 * 1024)
        try await ScriptedHTTPServer.with({ _ in [.head(200)] + Array(repeating: .text(piece), count: 32) }) { server in
            let code = await Self.code {
                let response = try await HTTPTransport().send(OutgoingRequest(.get, server.url, limits: Self.short))
                for try await _ in response.body {}
            }
            #expect(code == .tooLarge)
        }
    }

    @Test("Cancelling closes the connection at once, a hundred times")
    func cancel() async throws {
        try await ScriptedHTTPServer.with({ _ in [.eventStream, .text("data: x\n\n"), .hang] }) { server in
            let transport = HTTPTransport()
            var closings = server.closings.makeAsyncIterator()
            for _ in 0..<100 {
                let started = AsyncStream.makeStream(of: Void.self)
                let reading = Task {
                    let response = try await transport.send(OutgoingRequest(.get, server.url))
                    for try await _ in response.body { started.continuation.yield() }
                }
                for await _ in started.stream { break }
                let asked = ContinuousClock.now
                reading.cancel()
                let closed = try #require(await closings.next())
                #expect(asked.duration(to: closed) < .seconds(5), "a limit of its own would take two minutes")
                await #expect(throws: (any Error).self) { try await reading.value }
            }
        }
    }

    @Test(
        "An address that is no plain web address is refused before anything is sent",
        arguments: ["", "ftp://host/", "http://", "host/path", "http://user:word@host/"]
    )
    func address(text: String) async {
        let code = await Self.code { _ = try await HTTPTransport().send(OutgoingRequest(.get, text)) }
        #expect(code == .invalidAddress)
    }

    @Test("Requests and errors do not print addresses, keys or bodies")
    func redacted() async throws {
        let port = try await ScriptedHTTPServer.unusedPort()
        let request = OutgoingRequest(
            .post, "http://127.0.0.1:\(port)/path-secret?key=query-secret",
            headers: [("Authorization", "Bearer header-secret")], body: Array("body-secret".utf8))
        var text = "\(request) \(String(reflecting: request))"
        dump(request, to: &text)
        do {
            _ = try await HTTPTransport().send(request)
            Issue.record("nobody should listen")
        } catch {
            text += "\(error) \(String(reflecting: error))"
        }
        #expect(!text.contains("secret"))
    }
}
