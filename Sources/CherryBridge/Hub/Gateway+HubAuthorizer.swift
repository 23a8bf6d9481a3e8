public import CherryCore
import Synchronization

/// The tokens of the gateway's doors open the hub too.
extension Gateway: HubAuthorizer {
    /// What a token allows; opening the hub counts as one request in the token's rate.
    ///
    /// - Throws: `BridgeError` with code `.sealed` or `.rateLimited`.
    public func authorize(_ presented: Secret<String>) async throws -> HubGrant? {
        do {
            guard let token = try self.authorize(presented.exposed).token else { return nil }
            return HubGrant(id: token.id.description, mayReadContext: token.contextAccess != .none)
        } catch let error as BridgeError where error.code == .unauthorized {
            return nil
        }
    }

    public func isValid(_ grant: HubGrant) async -> Bool {
        let time = self.dependencies.clock.now
        return self.state.withLock { state in
            state.catalogue?.tokens.values.contains { token in
                token.id.description == grant.id && token.isValid(at: time)
                    && (token.contextAccess != .none || !grant.mayReadContext)
            } == true
        }
    }
}
