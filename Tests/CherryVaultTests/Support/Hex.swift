import Foundation

extension Data {
    /// Reads pairs of hexadecimal digits; stops the test program at anything else, since all of it is in the tests.
    init(hex: String) {
        let digits = hex.filter { !$0.isWhitespace }.map { UInt8($0.hexDigitValue ?? 255) }
        precondition(digits.count.isMultiple(of: 2) && !digits.contains(255), "hexadecimal digits")
        self.init(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }
}
