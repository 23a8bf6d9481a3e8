public import CherryCore

/// What can go wrong between the product and a language model.
public struct BridgeError: CherryError {
    /// A stable reason.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable {
            case unreachable, timedOut, unauthorized, rateLimited, refused, unknownModel, overloaded, garbled, cutOff
            case contextTooLong, localModelMissing, localModelFailed, unsupported, invalid, denied, sealed
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// No connection could be made, or it broke before an answer.
        public static let unreachable = Self(.unreachable)
        /// Nothing arrived in time.
        public static let timedOut = Self(.timedOut)
        /// The key was refused.
        public static let unauthorized = Self(.unauthorized)
        /// Too many requests or the budget is spent.
        public static let rateLimited = Self(.rateLimited)
        /// The provider refused the request (4xx).
        public static let refused = Self(.refused)
        /// The provider has no such model.
        public static let unknownModel = Self(.unknownModel)
        /// The provider failed (5xx).
        public static let overloaded = Self(.overloaded)
        /// The answer is not what the protocol says.
        public static let garbled = Self(.garbled)
        /// The stream ended in the middle.
        public static let cutOff = Self(.cutOff)
        /// The request does not fit the model's context.
        public static let contextTooLong = Self(.contextTooLong)
        /// The local model or its server is not installed.
        public static let localModelMissing = Self(.localModelMissing)
        /// The local model's server does not start or keeps stopping.
        public static let localModelFailed = Self(.localModelFailed)
        /// The provider cannot do what was asked.
        public static let unsupported = Self(.unsupported)
        /// The request is not one of the API in which it was made.
        public static let invalid = Self(.invalid)
        /// The token, or what the user set for the model, does not allow it.
        public static let denied = Self(.denied)
        /// The vault is locked, and with it every provider's key.
        public static let sealed = Self(.sealed)

        public var description: String { self.base.rawValue }
    }

    public let code: Code
    public let message: String
    public let hint: String?
    /// Seconds after which the provider says a retry makes sense.
    public let retryAfter: Duration?
    /// The path of the field that is meant, such as `messages[0].role`; `nil` when none is.
    public let field: String?
    /// For operators' logs only; never the body of a request or an answer.
    package let underlying: (any Error)?

    /// Creates an error; `message` and `hint` must carry neither the user's words nor a key.
    public init(
        _ code: Code,
        message: String,
        hint: String? = nil,
        retryAfter: Duration? = nil,
        field: String? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.retryAfter = retryAfter
        self.field = field
        self.underlying = underlying
    }

    public var codeName: String { self.code.description }
}

extension BridgeError: CustomStringConvertible {
    public var description: String { "BridgeError(\(self.code): \(self.message))" }
}
