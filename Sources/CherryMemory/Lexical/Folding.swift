import Foundation

/// How one character counts in a word: case and diacritics do not matter for Latin and Greek letters.
enum Folding {
    /// Ends a word.
    case separator
    /// Belongs to the word and counts for nothing: a combining accent, a soft hyphen.
    case ignored
    /// Counts as this letter or digit.
    case letter(UInt32)
    /// Counts as several letters, as ß does.
    case letters([UInt8])
    /// A character of a script without spaces: each pair of neighbours is a word.
    case ideograph(UInt32)

    /// Folds a character beyond ASCII.
    static func of(_ scalar: Unicode.Scalar) -> Folding {
        let value = scalar.value
        if value < self.tableEnd { return self.table[Int(value - self.tableStart)] }
        return self.compute(scalar)
    }

    /// Folds an ASCII character: the byte that it counts as, or 0 for a separator.
    static let ascii: [UInt8] = (0..<128).map { (byte: UInt8) in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): byte
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        default: 0
        }
    }

    private static let tableStart: UInt32 = 0x80
    private static let tableEnd: UInt32 = 0x2000
    private static let table: [Folding] = (tableStart..<tableEnd).map { value in
        Unicode.Scalar(value).map(compute) ?? .separator
    }

    private static let expansions: [UInt32: String] = [
        0xdf: "ss", 0xe6: "ae", 0xf0: "d", 0xf8: "o", 0xfe: "th", 0x111: "d", 0x127: "h", 0x131: "i", 0x142: "l",
        0x153: "oe", 0x167: "t",
    ]

    private static let ideographs: [ClosedRange<UInt32>] = [
        0x3005...0x3007, 0x3041...0x30ff, 0x3105...0x312f, 0x31f0...0x31ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
        0xac00...0xd7a3, 0xf900...0xfaff, 0xff66...0xff9f, 0x20000...0x3ffff,
    ]

    /// Accents, points and joiners that are often left out when a word is typed.
    private static let ignorable: [ClosedRange<UInt32>] = [
        0xad...0xad, 0x300...0x36f, 0x483...0x487, 0x591...0x5bd, 0x5bf...0x5bf, 0x5c1...0x5c2, 0x5c4...0x5c5,
        0x5c7...0x5c7, 0x64b...0x65f, 0x670...0x670, 0x200b...0x200d, 0x2060...0x2060, 0xfe00...0xfe0f,
    ]

    private static func compute(_ scalar: Unicode.Scalar) -> Folding {
        let value = scalar.value
        if self.ideographs.contains(where: { $0.contains(value) }) { return .ideograph(value) }
        if self.ignorable.contains(where: { $0.contains(value) }) { return .ignored }
        if (0xff01...0xff5e).contains(value) {  // full-width forms of ASCII
            let narrow = self.ascii[Int(value - 0xfee0)]
            return narrow == 0 ? .separator : .letter(UInt32(narrow))
        }
        let properties = scalar.properties
        guard properties.isAlphabetic || properties.numericType != nil || self.isMark(properties.generalCategory) else {
            return .separator
        }
        let lower = properties.lowercaseMapping.unicodeScalars.first ?? scalar
        let base = self.hasAccents(lower.value) ? self.withoutAccents(lower) : lower
        return self.expansions[base.value].map { .letters(Array($0.utf8)) } ?? .letter(base.value)
    }

    private static func isMark(_ category: Unicode.GeneralCategory) -> Bool {
        category == .nonspacingMark || category == .spacingMark
    }

    /// Whether a letter is of a script whose accents do not matter: Latin or Greek.
    private static func hasAccents(_ value: UInt32) -> Bool {
        (0xc0...0x24f).contains(value) || (0x370...0x3ff).contains(value) || (0x1e00...0x1fff).contains(value)
    }

    private static func withoutAccents(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let base = String(Character(scalar)).decomposedStringWithCanonicalMapping.unicodeScalars.first ?? scalar
        return base.value == 0x3c2 ? Unicode.Scalar(0x3c3) ?? base : base  // a final sigma is a sigma
    }
}
