public import CherryBridge
public import CherryCache

/// How the hub of tools behaves and what it works with. Made by the bootstrap.
public struct HubSettings: Sendable {
    /// Its bounds.
    public var limits = HubLimits()
    /// How often a connection is asked whether it is still there.
    public var pingInterval: Duration = .seconds(20)
    /// Knows the tokens; `nil` lets in nobody but the browser's own session.
    public var authorizer: (any HubAuthorizer)?
    /// Carries broadcasts between the processes of one hub.
    public var topics: any Topics = InProcessTopics()

    /// Creates the usual settings, without tokens.
    public init() {}
}
