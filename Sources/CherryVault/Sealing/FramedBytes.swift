import CherryCore

/// An unambiguous encoding of several fields: each follows its length, so no two lists of fields give the same bytes.
///
/// The first field is a domain that names the use, such as `cherry/record/v1`, so that what was made for one use is
/// never taken for another.
struct FramedBytes: Sendable {
    private(set) var bytes: [UInt8] = []

    init(domain: String) {
        self.bytes.reserveCapacity(128)
        self.add(domain)
    }

    mutating func add(_ text: String) {
        self.addLength(text.utf8.count)
        self.bytes.append(contentsOf: text.utf8)
    }

    mutating func add(_ id: RecordID) { self.add(id.bytes) }

    mutating func add(_ field: some Collection<UInt8>) {
        self.addLength(field.count)
        self.bytes.append(contentsOf: field)
    }

    /// Adds a number, big-endian.
    mutating func add(_ number: some FixedWidthInteger) {
        self.addLength(number.bitWidth / 8)
        withUnsafeBytes(of: number.bigEndian) { self.bytes.append(contentsOf: $0) }
    }

    private mutating func addLength(_ count: Int) {
        withUnsafeBytes(of: UInt32(count).bigEndian) { self.bytes.append(contentsOf: $0) }
    }
}
