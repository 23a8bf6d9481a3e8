import HTTPTypes
import NIOCore

/// The head of a request in the plain form in which nearly all tools ask: HTTP/1.1, nothing in it that has to be negotiated,
/// and a body whose length is said.
///
/// It is read at a glance, because tools ask often and wait for every step. Whatever is not exactly of this form, or merely
/// might not be, is no error: the server's own parser then reads the connection from this request's first byte on, and
/// nothing is taken in two ways.
struct PlainRequest: Sendable, Hashable {
    enum Reading: Sendable, Hashable {
        case request(PlainRequest)
        /// More bytes have to come.
        case incomplete
        case notPlain
    }

    /// Bytes of a head.
    static let headLimit = 16 << 10
    /// Bytes of a body. Longer ones are to be read no faster than they are wanted.
    static let bodyLimit = 256 << 10

    let method: HTTPRequest.Method
    /// Path and query.
    let target: String
    private(set) var host = ""
    private(set) var origin: String?
    private(set) var authorization: String?
    private(set) var apiKey: String?
    private(set) var anthropicVersion: String?
    private(set) var cacheControl: String?
    private(set) var traceParent: String?
    /// Whether the client wants the connection closed after the answer.
    private(set) var closes = false
    /// Bytes of the head, up to the body's first byte.
    let headLength: Int
    private(set) var bodyLength = 0

    /// Reads the head that `bytes` begin with.
    static func read(_ bytes: UnsafeRawBufferPointer) -> Reading {
        guard let method = Self.method(bytes) else {
            return Self.mayBecomePlain(bytes) ? .incomplete : .notPlain
        }
        let end: Int
        switch Self.end(of: bytes.prefix(Self.headLimit)) {
        case .at(let place): end = place
        case .toCome: return bytes.count < Self.headLimit ? .incomplete : .notPlain
        case .none: return .notPlain
        }
        var lines = Lines(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        guard let first = lines.next(), let target = Self.target(first, method) else { return .notPlain }
        var request = Self(method, target, headLength: end)
        return request.readFields(&lines) ? .request(request) : .notPlain
    }

    private init(_ method: HTTPRequest.Method, _ target: UnsafeRawBufferPointer, headLength: Int) {
        self.method = method
        self.target = String(decoding: target, as: UTF8.self)
        self.headLength = headLength
    }

    // MARK: The first line

    private static let starts: [(method: HTTPRequest.Method, bytes: StaticString)] = [
        (.post, "POST /v1/"), (.get, "GET /v1/"),
    ]

    private static func method(_ bytes: UnsafeRawBufferPointer) -> HTTPRequest.Method? {
        self.starts.first { start in
            bytes.count >= start.bytes.utf8CodeUnitCount
                && bytes.prefix(start.bytes.utf8CodeUnitCount).elementsEqual(start.bytes.bytes)
        }?.method
    }

    private static func mayBecomePlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        self.starts.contains { start in
            bytes.count < start.bytes.utf8CodeUnitCount && start.bytes.bytes.starts(with: bytes)
        }
    }

    /// What stands between the method and the version.
    private static func target(
        _ line: UnsafeRawBufferPointer,
        _ method: HTTPRequest.Method
    ) -> UnsafeRawBufferPointer? {
        let version: StaticString = " HTTP/1.1"
        let start = method.rawValue.utf8.count + 1
        guard line.count > start + version.utf8CodeUnitCount,
            line.suffix(version.utf8CodeUnitCount).elementsEqual(version.bytes)
        else { return nil }
        let target = line[start..<(line.count - version.utf8CodeUnitCount)]
        guard target.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else { return nil }
        return UnsafeRawBufferPointer(rebasing: target)
    }

    // MARK: Fields

    /// Reads every field.
    ///
    /// - Returns: false when one says something that takes more than plain reading, or is not well-formed.
    private mutating func readFields(_ lines: inout Lines) -> Bool {
        var seen = Field.Seen()
        while let line = lines.next() {
            if line.isEmpty { return seen.contains(.host) }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return false }
            let value = Self.trimmed(line[(colon + 1)...])
            guard line[..<colon].allSatisfy(Self.isTokenByte),
                value.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 })
            else { return false }
            guard let field = Field(UnsafeRawBufferPointer(rebasing: line[..<colon])) else { continue }
            guard seen.insert(field.seen).inserted, self.take(field, value) else { return false }
        }
        return false
    }

    private mutating func take(_ field: Field, _ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        let text = String(decoding: value, as: UTF8.self)
        switch field {
        case .host: self.host = text
        case .origin: self.origin = text
        case .authorization: self.authorization = text
        case .apiKey: self.apiKey = text
        case .anthropicVersion: self.anthropicVersion = text
        case .cacheControl: self.cacheControl = text
        case .traceParent: self.traceParent = text
        case .contentLength:
            guard !text.isEmpty, text.utf8.count <= 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let length = Int(text), length <= Self.bodyLimit
            else { return false }
            self.bodyLength = length
        case .connection:
            switch text.lowercased() {
            case "keep-alive": break
            case "close": self.closes = true
            default: return false
            }
        case .transferEncoding, .expect, .upgrade, .trailer: return false
        }
        return true
    }

    private static func trimmed(_ value: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        var value = value
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        return value
    }

    /// RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private enum End {
        /// Where the body begins.
        case at(Int)
        case toCome
        /// A line does not end as all do.
        case none
    }

    private static func end(of bytes: Slice<UnsafeRawBufferPointer>) -> End {
        var start = bytes.startIndex
        while let feed = bytes[start...].firstIndex(of: 0x0A) {
            guard feed > start, bytes[feed - 1] == 0x0D else { return .none }
            if feed - 1 == start { return .at(feed + 1) }
            start = feed + 1
        }
        return .toCome
    }
}

/// The fields that mean something to the doors or to the connection.
private enum Field: Int, CaseIterable {
    case host, origin, authorization, apiKey, anthropicVersion, cacheControl, traceParent
    case contentLength, connection
    case transferEncoding, expect, upgrade, trailer

    struct Seen: OptionSet {
        let rawValue: Int
        static let host = Field.host.seen
    }

    var seen: Seen { Seen(rawValue: 1 << self.rawValue) }

    /// In lower case.
    private var name: StaticString {
        switch self {
        case .host: "host"
        case .origin: "origin"
        case .authorization: "authorization"
        case .apiKey: "x-api-key"
        case .anthropicVersion: "anthropic-version"
        case .cacheControl: "cache-control"
        case .traceParent: "traceparent"
        case .contentLength: "content-length"
        case .connection: "connection"
        case .transferEncoding: "transfer-encoding"
        case .expect: "expect"
        case .upgrade: "upgrade"
        case .trailer: "trailer"
        }
    }

    /// The field of a name, in whatever case; `nil` for those that do not matter.
    init?(_ name: UnsafeRawBufferPointer) {
        let found = Self.allCases.first { field in
            field.name.utf8CodeUnitCount == name.count
                && zip(name, field.name.bytes).allSatisfy { given, wanted in
                    given == wanted || ((0x41...0x5A).contains(given) && given | 0x20 == wanted)
                }
        }
        guard let found else { return nil }
        self = found
    }
}

/// The lines of a head, without their ends.
private struct Lines {
    private var rest: Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) { self.rest = bytes[...] }

    mutating func next() -> UnsafeRawBufferPointer? {
        guard let feed = self.rest.firstIndex(of: 0x0A) else { return nil }
        defer { self.rest = self.rest[(feed + 1)...] }
        return UnsafeRawBufferPointer(rebasing: self.rest[self.rest.startIndex..<(feed - 1)])
    }
}

extension StaticString {
    fileprivate var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: self.utf8Start, count: self.utf8CodeUnitCount)
    }
}
