public import CherryCore

/// What can go wrong with a Sentry server, in words that hold neither its address nor its keys.
public struct SentryError: CherryError, Hashable {
    /// A stable reason.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable { case invalidDSN, malformedEnvelope, uploadRefused, invalidUpload }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The DSN is none.
        public static let invalidDSN = Self(.invalidDSN)
        /// Bytes that should be an envelope are none.
        public static let malformedEnvelope = Self(.malformedEnvelope)
        /// The server did not take a release's files.
        public static let uploadRefused = Self(.uploadRefused)
        /// There is nothing that could be uploaded, or what there is does not fit together.
        public static let invalidUpload = Self(.invalidUpload)

        public var description: String { self.base.rawValue }
    }

    public let code: Code
    public let message: String
    public let hint: String?

    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var codeName: String { self.code.description }
}
