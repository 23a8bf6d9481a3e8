import GRDB

/// One step from one shape of the database to the next. Once released it never changes.
protocol Migration: Sendable {
    /// `NNN-what`, the name of its file.
    static var identifier: String { get }
    static func apply(to db: Database) throws
}
