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
    private let ids = Mutex<[String: RecordID]>(["none": .make(), "read": .make(), "write": .make()])

    init(vault: Vault) { self.vault = vault }

    func revoke(_ token: String) { self.ids.withLock { $0[token] = nil } }

    func authorize(_ token: Secret<String>) async throws -> MCPGrant {
        _ = try self.vault.activeKey
        guard let id = self.ids.withLock({ $0[token.exposed] }),
            let right = MCPGrant.ContextRight(rawValue: token.exposed)
        else { throw Unknown() }
        return MCPGrant(tokenID: id, name: "The \(token.exposed) tool", context: right, mayAsk: true)
    }
}
