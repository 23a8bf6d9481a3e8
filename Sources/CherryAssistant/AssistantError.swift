public import CherryCore

/// What can go wrong in a turn before a model is asked. Failures of the model itself are stored with the reply.
public struct AssistantError: CherryError {
    /// A stable reason.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable {
            case notFound, invalid, tooManyReplies
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The conversation, message, persona or provider does not exist.
        public static let notFound = Self(.notFound)
        /// The request contradicts what is stored.
        public static let invalid = Self(.invalid)
        /// Too many replies are being written at once.
        public static let tooManyReplies = Self(.tooManyReplies)

        public var description: String { self.base.rawValue }
    }

    public let code: Code
    public let message: String
    public let hint: String?

    /// Creates an error; its words must not carry user data.
    public init(_ code: Code, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var codeName: String { self.code.description }
}

extension AssistantError: CustomStringConvertible {
    public var description: String { "AssistantError(\(self.code): \(self.message))" }
}
