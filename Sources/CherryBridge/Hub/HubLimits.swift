/// The bounds of the hub. Those that clients meet are told in `welcome`.
public struct HubLimits: Sendable, Hashable {
    /// Bytes of one message from a client.
    public var messageBytes = 256 << 10
    /// Messages that may wait for one connection.
    public var queuedMessages = 256
    /// Bytes that may wait for one connection.
    public var queuedBytes = 4 << 20
    /// Connections at once, of all grants.
    public var connections = 64
    /// Topics that one connection may follow.
    public var topics = 64
    /// Capabilities that one tool may name.
    public var capabilities = 32
    /// Tasks that one tool may have offered and not seen the end of.
    public var openTasks = 64
    /// Bytes of all open tasks and of results that were not fetched.
    public var taskBytes = 32 << 20
    /// Ids of a tool's messages that are remembered, so that a repeat does nothing.
    public var rememberedIDs = 256
    /// Tools that are remembered after they left.
    public var awayTools = 128
    /// Changes that are read from the feed at once.
    public var feedPage = 64
    /// Broadcasts that may be on their way to other processes.
    public var publishing = 64
    /// How long a connection may take to greet.
    public var greeting: Duration = .seconds(10)
    /// How long messages may wait without one being taken.
    public var draining: Duration = .seconds(30)
    /// How long a tool that left is waited for.
    public var absence: Duration = .seconds(60)
    /// How long a tool may look at an offered task before it goes to the next.
    public var acceptance: Duration = .seconds(15)
    /// The time for a task whose requester named none.
    public var usualTask: Duration = .seconds(300)
    /// The longest time for a task.
    public var longestTask: Duration = .seconds(86_400)
    /// How long a result that nobody acknowledges is kept.
    public var resultRetention: Duration = .seconds(600)

    /// Creates the usual limits.
    public init() {}
}
