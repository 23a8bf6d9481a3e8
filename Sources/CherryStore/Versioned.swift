public import CherryCore

/// An opened record with the version to base the next write on.
public struct Versioned<Value: Sendable>: Sendable {
    public var value: Value
    public let version: Int64
    public let position: Int64
    public let changedAt: Timestamp

    /// Joins a value with its version.
    public init(value: Value, version: Int64, position: Int64, changedAt: Timestamp) {
        self.value = value
        self.version = version
        self.position = position
        self.changedAt = changedAt
    }
}

extension Versioned {
    /// Joins a value with the row that it was stored as.
    public init(_ value: Value, storedAs row: StoredRecord) {
        self.init(value: value, version: row.version, position: row.position, changedAt: row.changedAt)
    }
}

extension Versioned: Equatable where Value: Equatable {}
