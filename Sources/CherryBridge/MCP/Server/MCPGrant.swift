public import CherryCore
import Synchronization

/// What a token allows its bearer.
public struct MCPGrant: Sendable, Hashable {
    /// The token as it was when it was shown.
    public let token: BridgeToken

    /// Takes what a token says.
    public init(_ token: BridgeToken) { self.token = token }

    var mayRead: Bool { self.token.contextAccess != .none }
    var mayWrite: Bool { self.token.contextAccess == .write }
    /// Whether it may ask any model at all.
    var mayAsk: Bool { self.token.models?.isEmpty != true }
}

/// Tells what a token allows.
public protocol MCPAuthorizer: Sendable {
    /// What the bearer of `token` may do.
    ///
    /// - Throws: `CherryError`: `unauthorized` for a token that is not known, has expired or was revoked, `rateLimited`
    ///   for one that comes too often, `sealed` while nobody can know.
    func authorize(_ token: Secret<String>) async throws -> MCPGrant

    /// Whether what was granted still holds, for a stream that has been open for a while.
    func isValid(_ grant: MCPGrant) async -> Bool
}

extension Gateway: MCPAuthorizer {
    public func authorize(_ token: Secret<String>) async throws -> MCPGrant {
        guard let token = try self.authorize(token.exposed).token else { throw Self.sealed }
        return MCPGrant(token)
    }

    public func isValid(_ grant: MCPGrant) async -> Bool {
        let time = self.dependencies.clock.now
        return self.state.withLock { state in
            state.catalogue?.tokens.values.contains { $0.id == grant.token.id && $0.isValid(at: time) } == true
        }
    }
}
