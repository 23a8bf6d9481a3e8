/// A number of 256 bits that wraps around.
struct UInt256: Sendable, Hashable {
    /// Least significant first.
    private var limb0: UInt64 = 0
    private var limb1: UInt64 = 0
    private var limb2: UInt64 = 0
    private var limb3: UInt64 = 0

    init() {}

    /// Reads 32 bytes, big-endian.
    init(_ bytes: ArraySlice<UInt8>) {
        precondition(bytes.count == 32, "a term has 32 bytes")
        let start = bytes.startIndex
        self.limb3 = Self.number(bytes[start..<start + 8])
        self.limb2 = Self.number(bytes[start + 8..<start + 16])
        self.limb1 = Self.number(bytes[start + 16..<start + 24])
        self.limb0 = Self.number(bytes[start + 24..<start + 32])
    }

    /// 32 bytes, big-endian.
    var bytes: [UInt8] {
        [self.limb3, self.limb2, self.limb1, self.limb0].flatMap { limb in
            (0..<8).map { UInt8(truncatingIfNeeded: limb >> (56 - 8 * UInt64($0))) }
        }
    }

    mutating func add(_ other: UInt256) {
        var carry = false
        Self.add(&self.limb0, other.limb0, &carry)
        Self.add(&self.limb1, other.limb1, &carry)
        Self.add(&self.limb2, other.limb2, &carry)
        Self.add(&self.limb3, other.limb3, &carry)
    }

    mutating func subtract(_ other: UInt256) {
        var borrow = false
        Self.subtract(&self.limb0, other.limb0, &borrow)
        Self.subtract(&self.limb1, other.limb1, &borrow)
        Self.subtract(&self.limb2, other.limb2, &borrow)
        Self.subtract(&self.limb3, other.limb3, &borrow)
    }

    /// Reads at most eight bytes, big-endian.
    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func add(_ limb: inout UInt64, _ other: UInt64, _ carry: inout Bool) {
        let (sum, overflow) = limb.addingReportingOverflow(other)
        let (total, again) = sum.addingReportingOverflow(carry ? 1 : 0)
        limb = total
        carry = overflow || again
    }

    private static func subtract(_ limb: inout UInt64, _ other: UInt64, _ borrow: inout Bool) {
        let (difference, overflow) = limb.subtractingReportingOverflow(other)
        let (total, again) = difference.subtractingReportingOverflow(borrow ? 1 : 0)
        limb = total
        borrow = overflow || again
    }
}
