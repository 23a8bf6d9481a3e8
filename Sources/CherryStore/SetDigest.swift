public import Foundation

/// A running digest of the set of live rows under one key: the sum of their 256-bit terms modulo 2^256, and how many
/// there are.
///
/// Terms are pseudo-random under a key that whoever edits the database does not have, so another set of rows has
/// another sum. Adding and removing a row costs one addition, whatever the number of rows.
public struct SetDigest: Sendable, Hashable {
    /// Four limbs, least significant first.
    private var limbs: (UInt64, UInt64, UInt64, UInt64)
    /// Rows added less rows removed.
    public private(set) var count: Int64
    /// The key that rows under this one have begun to move to, by its number; 0 for none. The digest of that key must
    /// exist, so dropping it with its rows is seen.
    public var movedTo: UInt32

    /// The digest of no rows.
    public init() {
        self.limbs = (0, 0, 0, 0)
        self.count = 0
        self.movedTo = 0
    }

    /// The sum as 32 bytes, big-endian.
    public var sum: [UInt8] {
        [self.limbs.3, self.limbs.2, self.limbs.1, self.limbs.0].flatMap { limb in
            (0..<8).map { UInt8(truncatingIfNeeded: limb >> (56 - 8 * UInt64($0))) }
        }
    }

    /// Counts a row in.
    ///
    /// - Precondition: `term` holds 32 bytes.
    public mutating func add(_ term: [UInt8]) {
        self.addLimbs(Self.limbs(term))
        self.count += 1
    }

    /// Counts a row out.
    ///
    /// - Precondition: `term` holds 32 bytes.
    public mutating func subtract(_ term: [UInt8]) {
        self.subtractLimbs(Self.limbs(term))
        self.count -= 1
    }

    /// The rows that `self` has and `other` has not, less those the other way round.
    public func difference(from other: SetDigest) -> SetDigest {
        var result = self
        result.subtractLimbs(other.limbs)
        result.count -= other.count
        return result
    }

    /// The 45 bytes that are sealed.
    public var encoded: Data {
        var data = Data([1])
        data.append(contentsOf: self.sum)
        withUnsafeBytes(of: self.count.bigEndian) { data.append(contentsOf: $0) }
        withUnsafeBytes(of: self.movedTo.bigEndian) { data.append(contentsOf: $0) }
        return data
    }

    /// Reads what `encoded` gave.
    ///
    /// - Returns: `nil` when `data` has another length or begins with another version.
    public init?(encoded data: Data) {
        let bytes = [UInt8](data)
        guard bytes.count == 45, bytes[0] == 1 else { return nil }
        self.limbs = Self.limbs(Array(bytes[1..<33]))
        self.count = Int64(bitPattern: Self.number(bytes[33..<41]))
        self.movedTo = UInt32(Self.number(bytes[41..<45]))
    }

    private mutating func addLimbs(_ other: (UInt64, UInt64, UInt64, UInt64)) {
        var carry: UInt64 = 0
        func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let (first, overflow) = left.addingReportingOverflow(right)
            let (second, again) = first.addingReportingOverflow(carry)
            carry = overflow || again ? 1 : 0
            return second
        }
        self.limbs.0 = sum(self.limbs.0, other.0)
        self.limbs.1 = sum(self.limbs.1, other.1)
        self.limbs.2 = sum(self.limbs.2, other.2)
        self.limbs.3 = sum(self.limbs.3, other.3)
    }

    private mutating func subtractLimbs(_ other: (UInt64, UInt64, UInt64, UInt64)) {
        var borrow: UInt64 = 0
        func difference(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let (first, overflow) = left.subtractingReportingOverflow(right)
            let (second, again) = first.subtractingReportingOverflow(borrow)
            borrow = overflow || again ? 1 : 0
            return second
        }
        self.limbs.0 = difference(self.limbs.0, other.0)
        self.limbs.1 = difference(self.limbs.1, other.1)
        self.limbs.2 = difference(self.limbs.2, other.2)
        self.limbs.3 = difference(self.limbs.3, other.3)
    }

    private static func limbs(_ term: [UInt8]) -> (UInt64, UInt64, UInt64, UInt64) {
        precondition(term.count == 32, "a term has 32 bytes")
        return (number(term[24..<32]), number(term[16..<24]), number(term[8..<16]), number(term[0..<8]))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    public static func == (lhs: SetDigest, rhs: SetDigest) -> Bool {
        lhs.limbs == rhs.limbs && lhs.count == rhs.count && lhs.movedTo == rhs.movedTo
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.limbs.0)
        hasher.combine(self.limbs.1)
        hasher.combine(self.limbs.2)
        hasher.combine(self.limbs.3)
        hasher.combine(self.count)
        hasher.combine(self.movedTo)
    }
}

extension SetDigest {
    /// Whether both count the same rows, wherever they moved.
    func countsSameRows(as other: SetDigest) -> Bool {
        self.limbs == other.limbs && self.count == other.count
    }
}
