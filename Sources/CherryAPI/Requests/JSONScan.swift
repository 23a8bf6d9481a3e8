/// Looks over the bytes of a JSON text before it is decoded: is it UTF-8, how deep does it nest, does it end early?
///
/// A decoder recurses as deep as the text does; this does not recurse at all.
struct JSONScan {
    /// Why a text is refused.
    enum Refusal: Error, Equatable {
        case invalidUTF8
        case tooDeep
        /// It ends within a text, an array or an object, or closes more than it opens.
        case unbalanced
    }

    /// The deepest nesting of arrays and objects that is taken.
    static let maximumDepth = 64

    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// Continuation bytes that must follow, and the range of the next of them.
    private var pending = 0
    private var next: ClosedRange<UInt8> = 0x80...0xbf

    /// Checks a whole text.
    ///
    /// - Throws: `Refusal`.
    static func check(_ bytes: some Sequence<UInt8>) throws(Refusal) {
        var scan = JSONScan()
        for byte in bytes { try scan.consume(byte) }
        guard scan.pending == 0 else { throw .invalidUTF8 }
        guard scan.depth == 0, !scan.isInString else { throw .unbalanced }
    }

    private mutating func consume(_ byte: UInt8) throws(Refusal) {
        if self.pending > 0 || byte >= 0x80 {
            try self.consumeMultibyte(byte)
            self.isEscaped = false
            return
        }
        if self.isInString {
            if self.isEscaped {
                self.isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                self.isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                self.isInString = false
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""):
            self.isInString = true
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            self.depth += 1
            guard self.depth <= Self.maximumDepth else { throw .tooDeep }
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            self.depth -= 1
            guard self.depth >= 0 else { throw .unbalanced }
        default:
            break
        }
    }

    /// Well-formed sequences as in table 3-7 of the Unicode standard: no overlong forms, no surrogates, no more than
    /// U+10FFFF.
    private mutating func consumeMultibyte(_ byte: UInt8) throws(Refusal) {
        if self.pending > 0 {
            guard self.next.contains(byte) else { throw .invalidUTF8 }
            self.pending -= 1
            self.next = 0x80...0xbf
            return
        }
        switch byte {
        case 0xc2...0xdf: (self.pending, self.next) = (1, 0x80...0xbf)
        case 0xe0: (self.pending, self.next) = (2, 0xa0...0xbf)
        case 0xe1...0xec, 0xee...0xef: (self.pending, self.next) = (2, 0x80...0xbf)
        case 0xed: (self.pending, self.next) = (2, 0x80...0x9f)
        case 0xf0: (self.pending, self.next) = (3, 0x90...0xbf)
        case 0xf1...0xf3: (self.pending, self.next) = (3, 0x80...0xbf)
        case 0xf4: (self.pending, self.next) = (3, 0x80...0x8f)
        default: throw .invalidUTF8
        }
    }
}
