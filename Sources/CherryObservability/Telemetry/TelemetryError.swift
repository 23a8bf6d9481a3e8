public import CherryCore

/// What is wrong with the settings of telemetry.
public struct TelemetryError: CherryError {
    /// A stable reason.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable { case invalidTarget, unreadable, unavailable }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// A value is missing, unknown or of another form.
        public static let invalidTarget = Self(.invalidTarget)
        /// What was stored cannot be read.
        public static let unreadable = Self(.unreadable)

        /// What keeps telemetry until it is sent cannot be used.
        public static let unavailable = Self(.unavailable)

        public var description: String { self.base.rawValue }
    }

    public let code: Code
    public let message: String
    public let hint: String?

    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var codeName: String { self.code.description }
}
