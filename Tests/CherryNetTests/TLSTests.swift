import CherryTesting
import NIOCore
import NIOSSL
import Testing

@testable import CherryNet

@Suite("HTTP transport: TLS")
struct TLSTests {
    private func withServer(
        isTrusted: Bool = true,
        _ script: @escaping @Sendable (ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step],
        _ body: (ScriptedHTTPServer, HTTPTransport) async throws -> Void
    ) async throws {
        let certificate = try TestCertificate.certificate
        try await ScriptedHTTPServer.with(tls: TestCertificate.server, script) { server in
            let port = server.port
            let transport = HTTPTransport(
                configuration: .init(connect: .seconds(30), keepAlive: .seconds(3600)),
                lookup: { _, _ in [try SocketAddress(ipAddress: "127.0.0.1", port: port)] },
                trustRoots: isTrusted ? .certificates([certificate]) : .default
            )
            try await body(server, transport)
            await transport.shutdown()
        }
    }

    @Test("A server is known by its name, whatever address it was found at")
    func name() async throws {
        try await self.withServer { _ in
            [.whole(200, "hello"), .keepAlive]
        } _: { server, transport in
            for _ in 1...3 {
                let body = try await transport.send(.get("https://model.test/v1")).body.collect(upTo: 10)
                #expect(String(decoding: body, as: UTF8.self) == "hello")
            }
            #expect(server.requests.first?.header("Host") == "model.test")
            #expect(server.connectionCount == 1)
        }
    }

    @Test("A server without a name is known by the address in its certificate")
    func address() async throws {
        try await self.withServer { _ in
            [.whole(200, "hello")]
        } _: { server, transport in
            let response = try await transport.send(.get(server.url))
            #expect(response.status == 200)
        }
    }

    @Test("A certificate for another name is not accepted although it is one for the address, and nothing is sent")
    func otherName() async throws {
        try await self.withServer { _ in
            [.whole(200, "hello")]
        } _: { server, transport in
            for host in ["other.test", "sub.model.test", "model.test.example"] {
                let error = try await netError { _ = try await transport.send(.get("https://\(host)/")) }
                #expect(error.code == .untrusted)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test("A certificate that nobody vouches for is not accepted")
    func unknown() async throws {
        try await self.withServer(isTrusted: false) { _ in
            [.whole(200, "hello")]
        } _: { server, transport in
            let error = try await netError { _ = try await transport.send(.get("https://model.test/")) }
            #expect(error.code == .untrusted)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("A long answer arrives whole, and cancelling closes")
    func streaming() async throws {
        let text = String(repeating: "0123456789abcdef", count: 40_000)
        try await self.withServer { request in
            request.target == "/long" ? [.whole(200, text), .keepAlive] : [.head(200), .text("first"), .hang]
        } _: { server, transport in
            let body = try await transport.send(.get("https://model.test/long")).body.collect(upTo: 1 << 20)
            #expect(String(decoding: body, as: UTF8.self) == text)

            var closings = server.closings.makeAsyncIterator()
            let started = Gate()
            let task = Task {
                for try await _ in try await transport.send(.get("https://model.test/")).body { started.open() }
            }
            await started.wait()
            task.cancel()
            #expect(await closings.next() != nil)
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test(
        "A name is covered by itself or by an asterisk for its first label",
        arguments: [
            ("a.example", "a.example", true), ("A.Example", "a.example", true),
            ("*.example.org", "a.example.org", true),
            ("b.example", "a.example", false), ("*.example.org", "example.org", false),
            ("*.example.org", "a.b.example.org", false), ("*.org", "example.org", false), ("*", "example", false),
            ("a*.example.org", "ab.example.org", false), ("*.*.org", "a.b.org", false), ("", "a", false),
        ]
    )
    func coverage(_ entry: String, _ name: String, _ isCovered: Bool) {
        #expect(PeerName.covers(entry, name) == isCovered)
    }
}
