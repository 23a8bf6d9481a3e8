/// What whoever opened a connection to the hub may do there.
public struct HubGrant: Sendable, Hashable {
    /// Names the token or the session without revealing it. Connections of one grant count together, and a tool's name
    /// belongs to the grant that it greeted with.
    public var id: String
    /// Whether events may carry what the records say, and not only which records they are.
    public var mayReadContext: Bool
    /// How many connections it may have open at once.
    public var maximumConnections: Int

    /// Describes what is allowed.
    public init(id: String, mayReadContext: Bool, maximumConnections: Int = 8) {
        self.id = id
        self.mayReadContext = mayReadContext
        self.maximumConnections = maximumConnections
    }
}
