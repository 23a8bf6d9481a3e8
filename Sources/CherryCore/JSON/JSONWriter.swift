extension JSONValue {
    /// The value as compact JSON text in UTF-8, members in their order.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        self.write(to: &bytes)
        return bytes
    }

    /// The value as compact JSON text.
    public var text: String { String(decoding: self.bytes, as: UTF8.self) }

    /// Appends the value as compact JSON text.
    public func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .number(let value):
            // JSON has no other numbers; they cannot have come from it either.
            bytes.append(contentsOf: (value.isFinite ? "\(value)" : "null").utf8)
        case .string(let value): bytes.appendJSON(value)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in object.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.appendJSON(member.key)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}

extension [UInt8] {
    /// Appends a text as JSON, with its quotation marks.
    public mutating func appendJSON(_ text: String) {
        self.append(UInt8(ascii: "\""))
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { self.appendJSON(content: $0) }
        if isDone == nil { Array(text.utf8).withUnsafeBufferPointer { self.appendJSON(content: $0) } }
        self.append(UInt8(ascii: "\""))
    }

    /// Appends UTF-8 as the content of a text in JSON: what JSON does not take as it is is escaped.
    public mutating func appendJSON(content: UnsafeBufferPointer<UInt8>) {
        var room = content.count
        for byte in content where Self.needsEscape(byte) { room += 5 }
        guard room > content.count else { return self.append(contentsOf: content) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { escaped in
            var end = 0
            for byte in content {
                if byte < 0x20 || byte == 0x7F {
                    end += Self.writeControl(byte, to: escaped, at: end)
                    continue
                }
                // JSON within JSON has a quotation mark every few bytes: no branch, which would be foretold wrongly.
                escaped[end] = UInt8(ascii: "\\")
                end += byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? 1 : 0
                escaped[end] = byte
                end += 1
            }
            self.append(contentsOf: escaped[..<end])
        }
    }

    /// Appends the UTF-8 of words in the code.
    public mutating func append(_ text: StaticString) {
        self.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    /// Writes at most six bytes, and says how many.
    private static func writeControl(_ byte: UInt8, to bytes: UnsafeMutableBufferPointer<UInt8>, at place: Int) -> Int {
        bytes[place] = UInt8(ascii: "\\")
        let short: UInt8? =
            switch byte {
            case 0x0A: UInt8(ascii: "n")
            case 0x0D: UInt8(ascii: "r")
            case 0x09: UInt8(ascii: "t")
            default: nil
            }
        if let short {
            bytes[place + 1] = short
            return 2
        }
        bytes[place + 1] = UInt8(ascii: "u")
        for (offset, digit) in [0, 0, byte >> 4, byte & 15].enumerated() {
            bytes[place + 2 + offset] = digit.hexadecimalDigit
        }
        return 6
    }
}
