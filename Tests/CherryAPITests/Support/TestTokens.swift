import CherryAPI
import CherryBridge
import CherryCore
import CherryVault
import Synchronization

/// Tokens as tests need them: `none`, `read` and `write` allow what they are called, until they are taken back.
final class TestTokens: MCPAuthorizer {
    struct Unknown: CherryError {
        let codeName = "unauthorized"
        let message = "The token is not known."
        let hint: String? = nil
    }

    private let vault: Vault
    private let tokens: Mutex<[String: BridgeToken]>

    init(vault: Vault) {
        self.vault = vault
        self.tokens = Mutex(
            Dictionary(
                uniqueKeysWithValues: BridgeToken.ContextAccess.allCases.map { access in
                    let name = access.rawValue
                    let token = BridgeToken(name: "The \(name) tool", digest: "", prefix: "", contextAccess: access)
                    return (name, token)
                }
            )
        )
    }

    func revoke(_ token: String) { self.tokens.withLock { $0[token] = nil } }

    func limit(_ token: String, to access: BridgeToken.ContextAccess) {
        self.tokens.withLock { $0[token]?.contextAccess = access }
    }

    func authorize(_ token: Secret<String>) async throws -> MCPGrant {
        _ = try self.vault.activeKey
        guard let token = self.tokens.withLock({ $0[token.exposed] }) else { throw Unknown() }
        return MCPGrant(token)
    }

    func isValid(_ grant: MCPGrant) async -> Bool {
        self.tokens.withLock { $0.values.contains { $0.id == grant.token.id } }
    }
}
