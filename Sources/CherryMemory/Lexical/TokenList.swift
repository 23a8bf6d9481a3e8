/// The words of a text, folded, each with its place in the text.
///
/// A word is a run of letters and digits. In scripts without spaces each pair of neighbouring characters is a word.
struct TokenList {
    /// What the words are for.
    enum Purpose {
        /// Text to be found: the last character of a run without spaces is a word too, so that one character finds it.
        case text
        /// What is looked for: one character of a script without spaces is only a word when it stands alone.
        case query
    }

    /// A longer word is known by its beginning, in bytes.
    static let longestWord = 64

    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []
    /// Where each word is, in UTF-16 units of the text.
    private(set) var places: [Range<Int>] = []

    var count: Int { self.ends.count }

    /// Whether the text ended inside of the last word, so that more of it may follow.
    private(set) var endsInWord = false

    /// The UTF-8 of one word.
    subscript(index: Int) -> ArraySlice<UInt8> {
        self.bytes[(index == 0 ? 0 : self.ends[index - 1])..<self.ends[index]]
    }

    init(_ text: String, for purpose: Purpose) {
        var text = text
        text.withUTF8 { self.read($0, for: purpose) }
    }

    private mutating func read(_ text: UnsafeBufferPointer<UInt8>, for purpose: Purpose) {
        self.bytes.reserveCapacity(text.count)
        let ascii = Folding.ascii
        var run = Run(purpose: purpose)
        var place = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                let folded = ascii[Int(byte)]
                if folded == 0 {
                    run.end(in: &self)
                } else {
                    run.continueWord(at: place, in: &self)
                    self.append(folded, to: run)
                    run.wordEnd = place + 1
                }
                index += 1
                place += 1
            } else {
                let (scalar, length) = Self.scalar(text, at: index)
                let units = scalar.value > 0xffff ? 2 : 1
                switch Folding.of(scalar) {
                case .separator:
                    run.end(in: &self)
                case .ignored:
                    if run.isInWord { run.wordEnd = place + units }
                case .letter(let value):
                    run.continueWord(at: place, in: &self)
                    self.append(scalar: value, to: run)
                    run.wordEnd = place + units
                case .letters(let folded):
                    run.continueWord(at: place, in: &self)
                    for byte in folded { self.append(byte, to: run) }
                    run.wordEnd = place + units
                case .ideograph(let value):
                    run.continueIdeographs(value, at: place..<place + units, in: &self)
                }
                index += length
                place += units
            }
        }
        self.endsInWord = run.isOpen
        run.end(in: &self)
    }

    private mutating func append(_ byte: UInt8, to run: Run) {
        if self.bytes.count - run.wordBytes < Self.longestWord { self.bytes.append(byte) }
    }

    private mutating func append(scalar value: UInt32, to run: Run) {
        if self.bytes.count - run.wordBytes <= Self.longestWord - 4 { self.append(scalar: value) }
    }

    private mutating func append(scalar value: UInt32) {
        if let scalar = Unicode.Scalar(value) { self.bytes.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
    }

    private mutating func close(_ place: Range<Int>) {
        self.ends.append(self.bytes.count)
        self.places.append(place)
    }

    /// Reads a character of more than one byte; a string's UTF-8 is always well-formed.
    private static func scalar(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar, Int) {
        let first = UInt32(text[index])
        let length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        var value = first & (0xff >> UInt32(length + 1))
        for offset in 1..<length { value = value << 6 | UInt32(text[index + offset] & 0x3f) }
        return (Unicode.Scalar(value) ?? "\u{fffd}", length)
    }
}

extension TokenList {
    /// The word, or the run of characters without spaces, that is being read.
    private struct Run {
        let purpose: Purpose
        /// Where the word begins in `bytes`.
        private(set) var wordBytes = 0
        private var wordStart: Int?
        var wordEnd = 0
        private var ideograph: (value: UInt32, place: Range<Int>)?
        private var pairs = 0

        init(purpose: Purpose) { self.purpose = purpose }

        var isInWord: Bool { self.wordStart != nil }
        var isOpen: Bool { self.wordStart != nil || self.ideograph != nil }

        mutating func continueWord(at place: Int, in list: inout TokenList) {
            guard self.wordStart == nil else { return }
            self.end(in: &list)
            self.wordStart = place
            self.wordBytes = list.bytes.count
        }

        mutating func continueIdeographs(_ value: UInt32, at place: Range<Int>, in list: inout TokenList) {
            if self.wordStart != nil { self.end(in: &list) }
            if let last = self.ideograph {
                list.append(scalar: last.value)
                list.append(scalar: value)
                list.close(last.place.lowerBound..<place.upperBound)
                self.pairs += 1
            }
            self.ideograph = (value, place)
        }

        mutating func end(in list: inout TokenList) {
            if let start = self.wordStart {
                list.close(start..<self.wordEnd)
                self.wordStart = nil
            }
            if let last = self.ideograph {
                if self.purpose == .text || self.pairs == 0 {
                    list.append(scalar: last.value)
                    list.close(last.place)
                }
                self.ideograph = nil
                self.pairs = 0
            }
        }
    }
}
