public import CherryCore

/// What a token allows its bearer.
public struct MCPGrant: Sendable, Hashable {
    /// What may be done with the user's context.
    public enum ContextRight: String, Sendable, Hashable, CaseIterable, Comparable {
        case none, read, write

        public static func < (lhs: Self, rhs: Self) -> Bool {
            Self.allCases.firstIndex(of: lhs)! < Self.allCases.firstIndex(of: rhs)!
        }
    }

    /// The token's record.
    public let tokenID: RecordID
    /// What the user calls the token.
    public let name: String
    public let context: ContextRight
    /// Whether it may ask any model at all.
    public let mayAsk: Bool

    /// Describes what a token allows.
    public init(tokenID: RecordID, name: String, context: ContextRight, mayAsk: Bool) {
        self.tokenID = tokenID
        self.name = name
        self.context = context
        self.mayAsk = mayAsk
    }
}

/// Tells what a token allows.
public protocol MCPAuthorizer: Sendable {
    /// What the bearer of `token` may do.
    ///
    /// - Throws: `CherryError`: `unauthorized` for a token that is not known, has expired or was revoked; `sealed` while
    ///   that cannot be known.
    func authorize(_ token: Secret<String>) async throws -> MCPGrant
}
