package import NIOCore
package import NIOSSL

/// Opens connections for protocols other than HTTP, by the same rules: a name is resolved once, every address is checked
/// against the reach, and TLS checks the certificate for the host's name.
public struct SocketConnector: Sendable {
    private let resolver: HostResolver
    private let trustRoots: NIOSSLTrustRoots

    public init() {
        self.init(lookup: HostResolver.system)
    }

    /// Creates a connector with another way to look up names, or that trusts other certificates.
    package init(
        lookup: @escaping @Sendable (_ name: String, _ port: Int) throws -> [SocketAddress],
        trustRoots: NIOSSLTrustRoots = .default
    ) {
        self.resolver = HostResolver(lookup: lookup)
        self.trustRoots = trustRoots
    }

    /// Connects, TLS included.
    ///
    /// - Parameters:
    ///   - reach: where the connection may go.
    ///   - time: for all of it.
    /// - Throws: `NetError`, or `CancellationError` when the task was cancelled.
    public func connect(
        to place: SocketPlace,
        reach: EgressReach,
        within time: Duration
    ) async throws -> SocketConnection {
        let limit = TimeAmount(time)
        let connector = Connector(
            timeout: limit,
            resolver: self.resolver,
            trustRoots: self.trustRoots,
            applicationProtocols: []
        )
        let address = place.address
        let key = ConnectionPool.Key(
            isSecure: address.isSecure,
            host: address.host,
            port: address.port,
            reach: reach
        )
        do {
            return try await connector.open(key, deadline: .now() + limit) { channel, security, opened in
                let handler = SocketHandler(security: security, opened: opened)
                try channel.pipeline.syncOperations.addHandler(handler)
                handler.serve(as: SocketConnection(channel, handler: handler, host: address.hostText))
            }
        } catch {
            throw NetError.translate(error, host: address.hostText)
        }
    }
}
