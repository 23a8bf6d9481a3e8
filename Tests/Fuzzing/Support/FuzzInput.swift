/// The bytes of one run: a few that steer it, then what is read.
struct FuzzInput {
    private(set) var rest: ArraySlice<UInt8>

    init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        self.rest = Array(UnsafeBufferPointer(start: start, count: count))[...]
    }

    init(_ bytes: [UInt8]) { self.rest = bytes[...] }

    /// All bytes that are left.
    var bytes: [UInt8] { Array(self.rest) }

    /// Takes one byte; 0 when none is left.
    mutating func byte() -> UInt8 { self.rest.popFirst() ?? 0 }

    /// Takes a number below `count`. Digits and letters stand for small numbers, so that inputs can be written by hand.
    mutating func choice(of count: Int) -> Int {
        let byte = self.byte()
        switch byte {
        case 0x30...0x39: return Int(byte - 0x30) % count
        case 0x41...0x5A: return Int(byte - 0x41 + 10) % count
        default: return Int(byte) % count
        }
    }

    /// Takes up to and including the next line feed, which is left out.
    mutating func line() -> [UInt8]? {
        guard !self.rest.isEmpty else { return nil }
        let line = self.rest.prefix { $0 != 0x0A }
        self.rest = self.rest[line.endIndex...].dropFirst()
        return Array(line)
    }
}

/// How bytes are cut into pieces: the same way for the same seed.
struct Cuts {
    private var state: UInt64

    init(seed: UInt8) { self.state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

    /// The bytes in pieces of 1 to 16; in single bytes for the seed 0.
    mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var at = 0
        while at < bytes.count {
            let end = min(at + self.length(), bytes.count)
            pieces.append(Array(bytes[at..<end]))
            at = end
        }
        return pieces
    }

    /// A step of a xorshift generator (Marsaglia, "Xorshift RNGs").
    private mutating func length() -> Int {
        self.state ^= self.state << 13
        self.state ^= self.state >> 7
        self.state ^= self.state << 17
        return Int(self.state % 16) + 1
    }
}

/// Ends the program, which the fuzzer takes for a finding.
func expect(_ isTrue: Bool, _ what: @autoclosure () -> String) {
    if !isTrue { fatalError(what()) }
}
