public import CherryCore
public import Foundation

/// A running digest of the set of live rows under one key: the sum of their 256-bit terms modulo 2^256, and how many
/// there are of each collection.
///
/// Terms are pseudo-random under a key that whoever edits the database does not have, so another set of rows has
/// another sum. Adding or removing a row costs one addition, whatever the number of rows.
public struct SetDigest: Sendable, Hashable {
    private var total = UInt256()
    /// Rows added less rows removed, by collection; none is zero.
    public private(set) var counts: [RecordCollection: Int64] = [:]
    /// The key that rows under this one have begun to move to, by its number; 0 for none. The digest of that key must
    /// exist, so dropping it together with its rows is seen.
    public var movedTo: UInt32 = 0

    /// The digest of no rows.
    public init() {}

    /// Rows added less rows removed.
    public var count: Int64 { self.counts.values.reduce(0, +) }

    /// The sum as 32 bytes, big-endian.
    public var sum: [UInt8] { self.total.bytes }

    /// Counts a row in.
    ///
    /// - Precondition: `term` holds 32 bytes.
    public mutating func add(_ term: [UInt8], in collection: RecordCollection) {
        self.total.add(UInt256(term[...]))
        self.count(1, in: collection)
    }

    /// Counts a row out.
    ///
    /// - Precondition: `term` holds 32 bytes.
    public mutating func subtract(_ term: [UInt8], in collection: RecordCollection) {
        self.total.subtract(UInt256(term[...]))
        self.count(-1, in: collection)
    }

    /// The rows that `self` has and `other` has not, less those the other way round.
    public func difference(from other: SetDigest) -> SetDigest {
        var result = self
        result.total.subtract(other.total)
        for (collection, count) in other.counts { result.count(-count, in: collection) }
        return result
    }

    /// Whether both count the same rows, wherever those move.
    public func countsSameRows(as other: SetDigest) -> Bool {
        self.total == other.total && self.counts == other.counts
    }

    private mutating func count(_ change: Int64, in collection: RecordCollection) {
        let count = self.counts[collection, default: 0] + change
        self.counts[collection] = count == 0 ? nil : count
    }
}

extension SetDigest {
    private static let version: UInt8 = 1

    /// The bytes that are sealed: version, sum, `movedTo`, and each collection's name and count.
    public var encoded: Data {
        var data = Data([Self.version])
        data.append(contentsOf: self.sum)
        withUnsafeBytes(of: self.movedTo.bigEndian) { data.append(contentsOf: $0) }
        for (collection, count) in self.counts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            data.append(UInt8(collection.rawValue.utf8.count))
            data.append(contentsOf: collection.rawValue.utf8)
            withUnsafeBytes(of: count.bigEndian) { data.append(contentsOf: $0) }
        }
        return data
    }

    /// Reads what `encoded` gave.
    ///
    /// - Returns: `nil` when `data` does not have that shape.
    public init?(encoded data: Data) {
        var rest = [UInt8](data)[...]
        func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        guard take(1)?.first == Self.version, let sum = take(32), let movedTo = take(4) else { return nil }
        self.total = UInt256(sum)
        self.movedTo = UInt32(truncatingIfNeeded: UInt256.number(movedTo))
        while let length = take(1)?.first {
            guard let name = take(Int(length)), let count = take(8),
                let collection = RecordCollection(rawValue: String(decoding: name, as: UTF8.self))
            else { return nil }
            self.count(Int64(bitPattern: UInt256.number(count)), in: collection)
        }
    }
}
