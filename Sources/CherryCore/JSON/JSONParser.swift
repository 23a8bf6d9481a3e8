/// Why a text is not the JSON that was asked for.
public enum JSONParsingError: Error, Sendable, Hashable {
    /// The bytes are not UTF-8.
    case invalidUTF8
    /// It nests deeper than allowed.
    case tooDeep
    /// It breaks the grammar of RFC 8259 at this byte, counted from 0.
    case malformed(at: Int)
}

extension JSONValue {
    /// The deepest nesting of arrays and objects that is read.
    public static let maximumDepth = 128

    /// Reads one JSON text (RFC 8259), with nothing but white space around it.
    ///
    /// Whole numbers that fit 64 bits stay exact. Half of a surrogate pair, which some clients and models write, becomes
    /// U+FFFD. Of several members under one key the last counts.
    ///
    /// - Throws: `JSONParsingError`.
    public init(
        parsing bytes: some Collection<UInt8>,
        maximumDepth: Int = JSONValue.maximumDepth
    ) throws(JSONParsingError) {
        let outcome =
            bytes.withContiguousStorageIfAvailable { JSONParser.parse($0, maximumDepth: maximumDepth) }
            ?? Array(bytes).withUnsafeBufferPointer { JSONParser.parse($0, maximumDepth: maximumDepth) }
        self = try outcome.get()
    }

    /// Reads one JSON text.
    ///
    /// - Throws: `JSONParsingError`.
    public init(parsing text: String) throws(JSONParsingError) {
        try self.init(parsing: text.utf8)
    }
}

/// Reads JSON in one pass. Depth is bounded, so is the recursion.
private struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    private var at = 0
    /// Room that is made for the members of an object, so that it need not grow with each.
    private static let usualMembers = 6

    static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>,
        maximumDepth: Int
    ) -> Result<JSONValue, JSONParsingError> {
        var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
        do throws(JSONParsingError) {
            let value = try parser.value(depth: 0)
            parser.skipSpace()
            guard parser.at == bytes.count else { throw .malformed(at: parser.at) }
            return .success(value)
        } catch {
            return .failure(error)
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    private var current: UInt8? { self.at < self.bytes.count ? self.bytes[self.at] : nil }

    private mutating func skipSpace() {
        while let byte = self.current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { self.at += 1 }
    }

    private mutating func value(depth: Int) throws(JSONParsingError) -> JSONValue {
        self.skipSpace()
        switch self.current {
        case UInt8(ascii: "{"): return try self.object(depth: depth + 1)
        case UInt8(ascii: "["): return try self.array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "t"): return try self.word("true", .bool(true))
        case UInt8(ascii: "f"): return try self.word("false", .bool(false))
        case UInt8(ascii: "n"): return try self.word("null", .null)
        default: return try self.number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONParsingError) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            guard self.current == word.utf8Start[offset] else { throw .malformed(at: self.at) }
            self.at += 1
        }
        return value
    }

    private mutating func array(depth: Int) throws(JSONParsingError) -> JSONValue {
        guard depth <= self.maximumDepth else { throw .tooDeep }
        self.at += 1
        var elements: [JSONValue] = []
        self.skipSpace()
        if self.current == UInt8(ascii: "]") {
            self.at += 1
            return .array(elements)
        }
        while true {
            elements.append(try self.value(depth: depth))
            self.skipSpace()
            switch self.current {
            case UInt8(ascii: ","): self.at += 1
            case UInt8(ascii: "]"):
                self.at += 1
                return .array(elements)
            default: throw .malformed(at: self.at)
            }
        }
    }

    private mutating func object(depth: Int) throws(JSONParsingError) -> JSONValue {
        guard depth <= self.maximumDepth else { throw .tooDeep }
        self.at += 1
        var members: [JSONObject.Element] = []
        self.skipSpace()
        if self.current == UInt8(ascii: "}") {
            self.at += 1
            return .object([:])
        }
        members.reserveCapacity(Self.usualMembers)
        while true {
            self.skipSpace()
            guard self.current == UInt8(ascii: "\"") else { throw .malformed(at: self.at) }
            let key = try self.string()
            self.skipSpace()
            guard self.current == UInt8(ascii: ":") else { throw .malformed(at: self.at) }
            self.at += 1
            members.append((key, try self.value(depth: depth)))
            self.skipSpace()
            switch self.current {
            case UInt8(ascii: ","): self.at += 1
            case UInt8(ascii: "}"):
                self.at += 1
                return .object(Self.object(members))
            default: throw .malformed(at: self.at)
            }
        }
    }

    /// Few keys are compared with each other; many are hashed, so that an object of a million keys is no attack.
    private static func object(_ members: [JSONObject.Element]) -> JSONObject {
        guard members.count > 16 else {
            let isUnique = members.indices.allSatisfy { place in
                !members[..<place].contains { $0.key == members[place].key }
            }
            return isUnique ? JSONObject(unique: members) : JSONObject(members)
        }
        var places: [String: Int] = [:]
        var unique: [JSONObject.Element] = []
        for member in members {
            if let place = places[member.key] {
                unique[place].value = member.value
            } else {
                places[member.key] = unique.count
                unique.append(member)
            }
        }
        return JSONObject(unique: unique)
    }

    // MARK: Numbers

    private mutating func digits() throws(JSONParsingError) {
        guard let first = self.current, (0x30...0x39).contains(first) else { throw .malformed(at: self.at) }
        while let byte = self.current, (0x30...0x39).contains(byte) { self.at += 1 }
    }

    private mutating func number() throws(JSONParsingError) -> JSONValue {
        let start = self.at
        var isWhole = true
        if self.current == UInt8(ascii: "-") { self.at += 1 }
        if self.current == UInt8(ascii: "0") { self.at += 1 } else { try self.digits() }
        if self.current == UInt8(ascii: ".") {
            isWhole = false
            self.at += 1
            try self.digits()
        }
        if self.current == UInt8(ascii: "e") || self.current == UInt8(ascii: "E") {
            isWhole = false
            self.at += 1
            if self.current == UInt8(ascii: "+") || self.current == UInt8(ascii: "-") { self.at += 1 }
            try self.digits()
        }
        let text = String(decoding: self.bytes[start..<self.at], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw .malformed(at: start) }
        return .number(value)
    }

    // MARK: Texts

    private mutating func string() throws(JSONParsingError) -> String {
        self.at += 1
        let start = self.at
        while let byte = self.current {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try self.utf8(start..<self.at)
                self.at += 1
                return text
            case UInt8(ascii: "\\"): return try self.escapedString(from: start)
            case ..<0x20: throw .malformed(at: self.at)
            default: self.at += 1
            }
        }
        throw .malformed(at: self.at)
    }

    /// The rest of a text in which the first escape has been met.
    private mutating func escapedString(from start: Int) throws(JSONParsingError) -> String {
        var text = try self.utf8(start..<self.at)
        var plain = self.at
        while let byte = self.current {
            switch byte {
            case UInt8(ascii: "\""):
                text += try self.utf8(plain..<self.at)
                self.at += 1
                return text
            case UInt8(ascii: "\\"):
                text += try self.utf8(plain..<self.at)
                self.at += 1
                text.unicodeScalars.append(try self.escape())
                plain = self.at
            case ..<0x20: throw .malformed(at: self.at)
            default: self.at += 1
            }
        }
        throw .malformed(at: self.at)
    }

    private mutating func escape() throws(JSONParsingError) -> Unicode.Scalar {
        guard let byte = self.current else { throw .malformed(at: self.at) }
        self.at += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try self.unicodeEscape()
        default: throw .malformed(at: self.at - 1)
        }
    }

    private mutating func unicodeEscape() throws(JSONParsingError) -> Unicode.Scalar {
        let high = try self.hex()
        if let scalar = Unicode.Scalar(high) { return scalar }
        // The second half must follow at once, else the first stands alone and means nothing.
        guard (0xD800...0xDBFF).contains(high), self.at + 1 < self.bytes.count,
            self.bytes[self.at] == UInt8(ascii: "\\"), self.bytes[self.at + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let mark = self.at
        self.at += 2
        let low = try self.hex()
        guard (0xDC00...0xDFFF).contains(low) else {
            self.at = mark
            return "\u{FFFD}"
        }
        let value = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private mutating func hex() throws(JSONParsingError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = self.current else { throw .malformed(at: self.at) }
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: throw .malformed(at: self.at)
            }
            value = value << 4 | UInt16(digit)
            self.at += 1
        }
        return value
    }

    private func utf8(_ range: Range<Int>) throws(JSONParsingError) -> String {
        guard let span = try? UTF8Span(validating: UnsafeBufferPointer(rebasing: self.bytes[range]).span) else {
            throw .invalidUTF8  // where it goes wrong does not matter
        }
        return String(copying: span)
    }
}
