public import CherryCore

/// What can go wrong between this program and another server.
///
/// Its words never hold an address's path or query, a header or a body: at most a host name.
public struct NetError: CherryError {
    /// A stable reason.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable {
            case invalidAddress, unreachable, untrusted, connectTimedOut, firstByteTimedOut, stalled, tookTooLong
            case connectionLost, tooLarge, garbled, closed, forbiddenAddress
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The address is not an http or https URL with a host, or it carries a password.
        public static let invalidAddress = Self(.invalidAddress)
        /// The host is, or resolves to, an address that this request may not reach, such as one of the own network.
        public static let forbiddenAddress = Self(.forbiddenAddress)
        /// No connection could be made: unknown host, refused, no route.
        public static let unreachable = Self(.unreachable)
        /// The server's certificate does not prove who it is.
        public static let untrusted = Self(.untrusted)
        /// No connection within the time for it.
        public static let connectTimedOut = Self(.connectTimedOut)
        /// Connected, but no answer began in time.
        public static let firstByteTimedOut = Self(.firstByteTimedOut)
        /// The answer began, then nothing came for too long.
        public static let stalled = Self(.stalled)
        /// The exchange as a whole took longer than allowed.
        public static let tookTooLong = Self(.tookTooLong)
        /// The connection broke before the answer was whole.
        public static let connectionLost = Self(.connectionLost)
        /// The answer is larger than allowed.
        public static let tooLarge = Self(.tooLarge)
        /// What came back is not HTTP.
        public static let garbled = Self(.garbled)
        /// This transport has been shut down.
        public static let closed = Self(.closed)

        public var description: String { self.base.rawValue }
    }

    public let code: Code
    public let message: String
    public let hint: String?

    package init(_ code: Code, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var codeName: String { self.code.description }

    /// Whether more time might have helped.
    public var isTimeout: Bool {
        [.connectTimedOut, .firstByteTimedOut, .stalled, .tookTooLong].contains(self.code)
    }
}

extension NetError: CustomStringConvertible {
    public var description: String { "NetError(\(self.code): \(self.message))" }
}
