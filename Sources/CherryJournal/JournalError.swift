public import CherryCore

/// What can go wrong with the journal. No message carries what a record holds.
public struct JournalError: CherryError {
    /// A stable reason.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable {
            case full = "journalFull"
            case tooLarge = "recordTooLarge"
            case unavailable, inUse, tooNew, wrongKey, unknownDestination, invalidName, tooManyDestinations
            case unknownRecord, closed
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// There is no room: the size limit is reached or the disk is full, and nothing is left that may go.
        public static let full = Self(.full)
        /// One record is larger than a record may be.
        public static let tooLarge = Self(.tooLarge)
        /// A file of the journal cannot be read or written.
        public static let unavailable = Self(.unavailable)
        /// Another process has the journal open.
        public static let inUse = Self(.inUse)
        /// Another version of the program wrote the journal.
        public static let tooNew = Self(.tooNew)
        /// The journal was sealed under another operations key.
        public static let wrongKey = Self(.wrongKey)
        /// No destination has that name.
        public static let unknownDestination = Self(.unknownDestination)
        /// A destination's name has other characters than lower-case letters, digits and hyphens, or is too long.
        public static let invalidName = Self(.invalidName)
        /// There are as many destinations as the journal can keep account of.
        public static let tooManyDestinations = Self(.tooManyDestinations)
        /// Nothing with that id is in quarantine.
        public static let unknownRecord = Self(.unknownRecord)
        /// The journal was closed.
        public static let closed = Self(.closed)

        public var description: String { self.base.rawValue }
    }

    public let code: Code
    public let message: String
    public let hint: String?
    /// For operators' logs only.
    package let underlying: (any Error)?

    init(_ code: Code, underlying: (any Error)? = nil) {
        self.code = code
        self.underlying = underlying
        (self.message, self.hint) = Self.words(for: code)
    }

    public var codeName: String { self.code.description }

    private static func words(for code: Code) -> (String, String?) {
        switch code {
        case .full:
            ("The journal is full.", "Free disk space, or look at: cherry journal status")
        case .tooLarge: ("A record is too large for the journal.", nil)
        case .inUse: ("Another process has the journal open.", "Stop it, or use it instead.")
        case .tooNew:
            (
                "The journal was written by another version of the program.",
                "Install the newest one, or move the journal's folder away to begin a new one."
            )
        case .wrongKey:
            (
                "The journal was sealed under another operations key.",
                "Put that key back, or move the journal's folder away to begin a new one."
            )
        case .unknownDestination:
            ("No destination of the journal has that name.", "See them with: cherry journal status")
        case .invalidName: ("A destination's name has up to 32 lower-case letters, digits and hyphens.", nil)
        case .tooManyDestinations: ("The journal has as many destinations as it can keep account of.", nil)
        case .unknownRecord:
            ("Nothing with that id is in quarantine.", "List what is there with: cherry journal quarantine list")
        case .closed: ("The journal is closed.", nil)
        default: ("The journal's files cannot be read or written.", "Check the data directory's disk and permissions.")
        }
    }
}

extension JournalError: CustomStringConvertible {
    public var description: String { "JournalError(\(self.code))" }
}
