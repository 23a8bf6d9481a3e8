/// Finds the members of a log line in its JSON: an object of texts and whole numbers without any space, as `LogLine.json`
/// writes it. Pure, and allocates nothing but the list.
struct LogLineScan {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    /// The members in their order; `nil` for anything else.
    static func members(of json: [UInt8]) -> [DeliveredLine.Member]? {
        json.withUnsafeBufferPointer { bytes in
            var scan = LogLineScan(bytes: bytes)
            return scan.members()
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private mutating func members() -> [DeliveredLine.Member]? {
        var members: [DeliveredLine.Member] = []
        members.reserveCapacity(16)
        guard self.take(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let name = self.text(), self.take(UInt8(ascii: ":")) else { return nil }
            if let text = self.text() {
                members.append(.init(name: name, value: text, isText: true))
            } else if let number = self.number() {
                members.append(.init(name: name, value: number, isText: false))
            } else {
                return nil
            }
        } while self.take(UInt8(ascii: ","))
        guard self.take(UInt8(ascii: "}")), self.place == self.bytes.count else { return nil }
        return members
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.place < self.bytes.count, self.bytes[self.place] == byte else { return false }
        self.place += 1
        return true
    }

    /// The content of a text; the place stays where it is when there is none.
    private mutating func text() -> Range<Int>? {
        guard self.place < self.bytes.count, self.bytes[self.place] == UInt8(ascii: "\"") else { return nil }
        let start = self.place + 1
        var end = start
        while end < self.bytes.count {
            switch self.bytes[end] {
            case UInt8(ascii: "\""):
                self.place = end + 1
                return start..<end
            case UInt8(ascii: "\\"): end += 2
            case ..<0x20: return nil
            default: end += 1
            }
        }
        return nil
    }

    private mutating func number() -> Range<Int>? {
        let start = self.place
        var end = start
        if end < self.bytes.count, self.bytes[end] == UInt8(ascii: "-") { end += 1 }
        let digits = end
        while end < self.bytes.count, (0x30...0x39).contains(self.bytes[end]) { end += 1 }
        guard (1...19).contains(end - digits) else { return nil }
        self.place = end
        return start..<end
    }
}
