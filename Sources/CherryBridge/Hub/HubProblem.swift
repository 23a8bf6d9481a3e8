/// Why a message was not done. The code is part of the protocol; the words never repeat what the client sent.
public struct HubProblem: Error, Sendable, Hashable {
    /// The codes of `error` messages, and of those `task.fail` messages that the hub itself writes.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The frame is not a JSON object of this protocol.
        case malformed
        /// There is no such type of message.
        case unknownType
        /// The first message must be `hello`.
        case helloFirst
        /// There was a `hello` already.
        case alreadyGreeted
        /// Another token uses that name.
        case nameTaken
        /// The token does not allow it, or the topic is not the client's to speak on.
        case forbidden
        /// Nobody is here under that name.
        case noSuchTool
        /// No tool that is here has that capability, or none took the task.
        case nobody
        /// There is no such task for this tool.
        case noSuchTask
        /// Too many topics, capabilities, tasks or connections.
        case tooMany
        /// A queue on the way is full; the same message, with the same id, may be sent again later.
        case busy
        /// The message was queued and its receiver left before it was sent.
        case undelivered
        /// The tool that worked on the task has left.
        case gone
        /// The task was not done in its time.
        case expired
        /// Whoever offered the task does not want it any more.
        case withdrawn
        /// The tool that worked on the task says that it failed.
        case failed
        /// The change feed cannot be read at the moment.
        case unavailable
    }

    /// The stable code.
    public let code: Code
    /// One plain sentence.
    public let message: String

    /// Describes a problem.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static func malformed(_ message: String) -> Self { Self(.malformed, message) }
    static let busy = Self(.busy, "The queue of the receiver is full; send it again later with the same id.")
    static let noSuchTask = Self(.noSuchTask, "There is no such task for this tool.")
}
