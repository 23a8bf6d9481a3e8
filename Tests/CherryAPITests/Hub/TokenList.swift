import CherryBridge
import CherryCore
import Synchronization

/// Tokens of a test, by what a client presents.
final class TokenList: HubAuthorizer {
    private let grants = Mutex<[String: HubGrant]>([:])

    init(_ grants: [String: HubGrant]) { self.grants.withLock { $0 = grants } }

    func authorize(_ presented: Secret<String>) -> HubGrant? { self.grants.withLock { $0[presented.exposed] } }

    func isValid(_ grant: HubGrant) -> Bool { self.grants.withLock { $0.values.contains(grant) } }

    func revoke(_ token: String) { self.grants.withLock { $0[token] = nil } }
}
