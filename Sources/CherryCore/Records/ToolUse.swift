/// One call of a tool within a reply, as it is shown and kept.
public struct ToolUse: Codable, Sendable, Hashable {
    /// How far it got. Exits: `asked` → `running`, `refused`, `cancelled`; `running` → `done`, `failed`, `cancelled`.
    public enum State: String, Codable, Sendable {
        /// The user is to say whether it may run.
        case asked
        case running
        case done
        /// It was not there, could not be reached, took too long, or says that it failed.
        case failed
        /// The user, or a rule of theirs, does not allow it.
        case refused
        /// The reply was stopped before its end.
        case cancelled

        /// Whether nothing more happens.
        public var isFinal: Bool { self != .asked && self != .running }
    }

    /// Why the user is asked.
    public enum Reason: String, Codable, Sendable {
        case permission
        /// The tool may change something, and words of others have come into the turn.
        case untrusted
    }

    /// Names the call within its reply.
    public let id: String
    /// The tool's own name.
    public let tool: String
    /// `nil` for a tool that is not there.
    public let serverID: RecordID?
    /// What the user calls the server.
    public let server: String
    /// JSON text, as the model wrote it.
    public let arguments: String
    public var state: State
    /// While it is asked for.
    public var reason: Reason?
    /// What came back, shortened: somebody else's words.
    public var result: String?
    /// Why it failed or was refused.
    public var failure: Message.Failure?
    /// Where in the reply's text it was made, in bytes of UTF-8.
    public let textOffset: Int

    /// Describes a call.
    public init(
        id: String,
        tool: String,
        serverID: RecordID?,
        server: String,
        arguments: String,
        state: State,
        textOffset: Int
    ) {
        self.id = id
        self.tool = tool
        self.serverID = serverID
        self.server = server
        self.arguments = arguments
        self.state = state
        self.textOffset = textOffset
    }
}

extension Message {
    /// Ends calls of tools that are not at their end: nobody goes on with them.
    public mutating func cancelToolUses() {
        guard var uses = self.toolUses else { return }
        for index in uses.indices where !uses[index].state.isFinal {
            uses[index].state = .cancelled
            uses[index].reason = nil
        }
        self.toolUses = uses
    }
}
