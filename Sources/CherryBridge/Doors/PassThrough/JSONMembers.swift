import CherryCore

/// Where the members of a JSON object stand in its bytes.
struct JSONMembers {
    private let members: [(key: String, value: Range<Int>)]
    /// Behind the opening brace.
    private let start: Int

    /// Finds the members of the object that begins at `start`, after white space; `nil` when none does.
    init?(of bytes: [UInt8], from start: Int) {
        var scanner = Scanner(bytes: bytes, at: start)
        guard scanner.take(UInt8(ascii: "{")) else { return nil }
        self.start = scanner.at
        var members: [(key: String, value: Range<Int>)] = []
        while !scanner.take(UInt8(ascii: "}")) {
            if !members.isEmpty, !scanner.take(UInt8(ascii: ",")) { return nil }
            guard let key = scanner.value(), scanner.take(UInt8(ascii: ":")), let value = scanner.value(),
                let name = Self.text(bytes[key])
            else { return nil }
            members.append((name, value))
        }
        self.members = members
    }

    /// The text that a literal stands for; `nil` when it is none.
    private static func text(_ literal: ArraySlice<UInt8>) -> String? {
        if literal.first == UInt8(ascii: "\""), !literal.contains(UInt8(ascii: "\\")) {
            return String(validating: literal.dropFirst().dropLast(), as: UTF8.self)
        }
        return (try? JSONValue(parsing: literal))?.string  // why it is no text does not matter
    }

    var isEmpty: Bool { self.members.isEmpty }

    /// Where the values under `key` stand, in order.
    func all(named key: String) -> [Range<Int>] { self.members.filter { $0.key == key }.map(\.value) }

    /// Adds a member in front of all others.
    func insertion(of key: String, _ value: JSONValue) -> Edit {
        var bytes = JSONValue.string(key).bytes + [UInt8(ascii: ":")] + value.bytes
        if !self.members.isEmpty { bytes.append(UInt8(ascii: ",")) }
        return Edit(at: self.start..<self.start, bytes)
    }
}

/// Steps over JSON without reading it.
private struct Scanner {
    let bytes: [UInt8]
    var at: Int

    private mutating func skipSpace() {
        while self.at < self.bytes.count {
            switch self.bytes[self.at] {
            case 0x20, 0x0A, 0x0D, 0x09: self.at += 1
            default: return
            }
        }
    }

    /// Steps over `byte` if it is next.
    mutating func take(_ byte: UInt8) -> Bool {
        self.skipSpace()
        guard self.at < self.bytes.count, self.bytes[self.at] == byte else { return false }
        self.at += 1
        return true
    }

    /// Steps over one value of any kind; `nil` when the bytes end within it or there is none.
    mutating func value() -> Range<Int>? {
        self.skipSpace()
        let start = self.at
        var depth = 0
        while self.at < self.bytes.count {
            switch self.bytes[self.at] {
            case UInt8(ascii: "\""):
                guard self.skipText() else { return nil }
                if depth == 0 { return start..<self.at }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // The brace of the object around it ends a number or a word.
                if depth == 0 { return self.at > start ? start..<self.at : nil }
                depth -= 1
                if depth == 0 {
                    self.at += 1
                    return start..<self.at
                }
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x0A, 0x0D, 0x09:
                if depth == 0 { return self.at > start ? start..<self.at : nil }
            default: break
            }
            self.at += 1
        }
        return nil
    }

    private mutating func skipText() -> Bool {
        self.at += 1
        while self.at < self.bytes.count {
            switch self.bytes[self.at] {
            case UInt8(ascii: "\\"): self.at += 2
            case UInt8(ascii: "\""):
                self.at += 1
                return true
            default: self.at += 1
            }
        }
        return false
    }
}
