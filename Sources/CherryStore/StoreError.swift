public import CherryCore

/// What can go wrong with stored records.
public struct StoreError: CherryError {
    /// A stable reason.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable {
            case conflict, notFound, tampered, damaged, tooNew, diskFull, unavailable, undecodable
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// A row was not at the version that the writer saw.
        public static let conflict = Self(.conflict)
        /// No such record, or it was deleted.
        public static let notFound = Self(.notFound)
        /// The rows are not those that were written.
        public static let tampered = Self(.tampered)
        /// The engine's own structures are damaged.
        public static let damaged = Self(.damaged)
        /// A newer program made this database.
        public static let tooNew = Self(.tooNew)
        /// No space left; nothing was changed.
        public static let diskFull = Self(.diskFull)
        /// The engine cannot be reached or opened.
        public static let unavailable = Self(.unavailable)
        /// A record opened but does not have the expected shape.
        public static let undecodable = Self(.undecodable)

        public var description: String { self.base.rawValue }
    }

    public let code: Code
    /// The record concerned, where it is one.
    public let record: RecordStamp?
    public let message: String
    public let hint: String?
    /// For operators' logs only.
    package let underlying: (any Error)?

    /// Creates an error; `message` and `hint` must not carry user data.
    public init(
        _ code: Code,
        message: String,
        hint: String? = nil,
        record: RecordStamp? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.record = record
        self.underlying = underlying
    }

    public var codeName: String { self.code.description }
}

extension StoreError: CustomStringConvertible {
    public var description: String { "StoreError(\(self.code): \(self.message))" }
}
