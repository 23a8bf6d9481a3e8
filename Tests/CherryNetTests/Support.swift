import CherryNet
import CherryTesting
import Testing

extension HTTPTransport.Limits {
    /// Gives up soon when no answer begins. Only for servers that stay silent: others may be slow on a busy machine.
    static let impatientStart = HTTPTransport.Limits(firstByte: .milliseconds(200))
    /// Gives up soon when an answer stops in the middle.
    static let impatientGap = HTTPTransport.Limits(gap: .milliseconds(200))
    /// Takes little.
    static let small = HTTPTransport.Limits(size: 64 * 1024)
}

extension OutgoingRequest {
    /// Asks a server of the test, which is on loopback.
    static func get(_ url: String) -> OutgoingRequest { OutgoingRequest(.get, url, reach: .anywhere) }
}

/// Runs `body` with a scripted server and a transport, and closes both.
func withServer(
    limits: HTTPTransport.Limits = HTTPTransport.Limits(),
    keepAlive: Duration = .seconds(30),
    connectionsPerHost: Int = 64,
    _ script: @escaping @Sendable (ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step],
    _ body: (ScriptedHTTPServer, HTTPTransport) async throws -> Void
) async throws {
    try await ScriptedHTTPServer.with(script) { server in
        let transport = HTTPTransport(
            configuration: .init(
                connect: .seconds(30),
                limits: limits,
                keepAlive: keepAlive,
                connectionsPerHost: connectionsPerHost
            )
        )
        do {
            try await body(server, transport)
        } catch {
            await transport.shutdown()
            throw error
        }
        await transport.shutdown()
    }
}

/// The `NetError` that `body` throws.
func netError(_ body: () async throws -> Void) async throws -> NetError {
    let error = await #expect(throws: NetError.self) { try await body() }
    return try #require(error)
}
