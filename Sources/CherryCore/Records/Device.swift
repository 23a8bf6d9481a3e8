/// A browser or tool that logged in.
public struct Device: Codable, Sendable, Hashable {
    public let id: RecordID
    /// What the user sees: "Firefox on Linux".
    public var name: String
    /// SHA-256 of the session token, 32 bytes as lower-case hexadecimal. The token itself is only in the cookie.
    public var tokenDigest: String
    public var createdAt: Timestamp
    public var lastSeenAt: Timestamp
    /// When the session ends whatever happens.
    public var expiresAt: Timestamp

    /// Records a session.
    public init(
        id: RecordID = .make(),
        name: String,
        tokenDigest: String,
        createdAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.tokenDigest = tokenDigest
        self.createdAt = createdAt
        self.lastSeenAt = createdAt
        self.expiresAt = expiresAt
    }
}
