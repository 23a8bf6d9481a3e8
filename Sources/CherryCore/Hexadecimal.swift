extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits for each byte.
    public var hexadecimal: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * self.underestimatedCount)
        for byte in self {
            digits.append((byte >> 4).hexadecimalDigit)
            digits.append((byte & 15).hexadecimalDigit)
        }
        return String(decoding: digits, as: UTF8.self)
    }
}

extension UInt64 {
    /// 16 lower-case hexadecimal digits.
    public var hexadecimal: String { Swift.withUnsafeBytes(of: self.bigEndian) { $0.hexadecimal } }
}

extension UInt128 {
    /// 32 lower-case hexadecimal digits.
    public var hexadecimal: String { Swift.withUnsafeBytes(of: self.bigEndian) { $0.hexadecimal } }
}

extension UInt8 {
    /// The digit of a number below 16.
    var hexadecimalDigit: UInt8 { self + (self < 10 ? 0x30 : 0x57) }
}
