/// Why a connection to the hub is closed: a code of RFC 6455, section 7.4, or one of its private range, and a few words.
public struct HubClosing: Sendable, Hashable {
    /// The close code.
    public let code: UInt16
    /// At most 123 bytes, as a close frame holds; never what a client sent.
    public let reason: String

    /// Describes a closing.
    public init(code: UInt16, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The client asked for it.
    public static let normal = Self(code: 1000, reason: "")
    /// The server ends.
    public static let goingAway = Self(code: 1001, reason: "the server is shutting down")
    /// The frames break the rules of WebSocket.
    public static func protocolError(_ reason: String) -> Self { Self(code: 1002, reason: reason) }
    /// A binary frame.
    public static let unsupportedData = Self(code: 1003, reason: "messages are JSON in text frames")
    /// A text that is not UTF-8.
    public static let invalidText = Self(code: 1007, reason: "the text is not UTF-8")
    /// The client does not keep to what docs/hub.md asks of it.
    public static func policy(_ reason: String) -> Self { Self(code: 1008, reason: reason) }
    /// A message above the limit.
    public static let tooBig = Self(code: 1009, reason: "the message is too big")
    /// The client takes what is waiting for it too slowly; it may come back and go on from its position.
    public static let tooSlow = Self(code: 1013, reason: "messages are not taken in time")
    /// The same tool connected again.
    public static let replaced = Self(code: 4000, reason: "the tool has connected again")
    /// The vault was locked.
    public static let sealed = Self(code: 4001, reason: "the vault is locked")
    /// The token or session ended.
    public static let revoked = Self(code: 4002, reason: "the token or session has ended")
}
