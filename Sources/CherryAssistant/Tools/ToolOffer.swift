import CherryBridge
public import CherryCore

/// A tool that a model may be offered, with what the user allows.
public struct ToolOffer: Sendable, Hashable {
    /// The name by which models call it; unique among all offers.
    public var name: String
    public var serverID: RecordID
    /// What the user calls the server.
    public var server: String
    /// The tool's own name.
    public var tool: String
    public var description: String?
    /// JSON Schema of the arguments.
    public var input: JSONValue
    public var permission: ToolServer.Permission
    /// Whether it counts as changing nothing.
    public var isReadOnly: Bool

    /// Describes an offer.
    public init(
        name: String,
        serverID: RecordID,
        server: String,
        tool: String,
        description: String? = nil,
        input: JSONValue = ["type": "object"],
        permission: ToolServer.Permission,
        isReadOnly: Bool = false
    ) {
        self.name = name
        self.serverID = serverID
        self.server = server
        self.tool = tool
        self.description = description
        self.input = input
        self.permission = permission
        self.isReadOnly = isReadOnly
    }

    var definition: ToolDefinition {
        ToolDefinition(name: self.name, description: self.description, parameters: self.input)
    }
}

/// What the user says to a call that is asked for.
public enum ToolDecision: String, Sendable, CaseIterable {
    case once
    /// This time and, by a rule, from now on.
    case always
    case refuse
    /// Not this time and, by a rule, not again.
    case never
}
