public import CherryCore

/// Knows the tokens that tools present to the hub.
public protocol HubAuthorizer: Sendable {
    /// What a token allows; `nil` for one that is unknown, expired or revoked.
    ///
    /// - Throws: when that cannot be said now, such as while the vault is locked.
    func authorize(_ presented: Secret<String>) async throws -> HubGrant?

    /// Whether a grant that was given earlier still holds. Asked every few seconds for each open connection.
    func isValid(_ grant: HubGrant) async -> Bool
}
