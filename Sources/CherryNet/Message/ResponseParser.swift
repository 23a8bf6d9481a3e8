import NIOCore

/// Reads answers of HTTP/1.1 (RFC 9112) from bytes that come in any pieces. Pure: a value without a clock or a socket.
///
/// Strict where leniency has been used to smuggle: lines end in CR LF, fields are not folded, a length is one number,
/// a length beside a transfer coding is refused, and `chunked` is the only coding.
struct ResponseParser {
    enum Event {
        case head(ResponseHead)
        /// A part of the body, which shares the memory of what was fed.
        case body(ByteBuffer)
        case end
    }

    /// What came is no answer that can be trusted.
    struct Malformed: Error {}
    /// The connection ended before the answer did.
    struct Truncated: Error {}

    /// Bytes of a head, and of trailers and the extensions of chunks taken together.
    static let headLimit = 64 * 1024
    private static let fieldLimit = 256
    private static let interimLimit = 32

    private enum State {
        /// No answer is expected.
        case idle
        /// Within the head; a line begins at this offset of `pending`.
        case head(line: Int)
        /// The head is whole and has not been told.
        case bodiless
        /// So many bytes are left.
        case sized(Int)
        case untilClose
        case chunkSize(UInt64, digits: Int)
        case chunkExtension
        case chunkSizeEnd(UInt64)
        case chunk(UInt64)
        case chunkEnd
        case chunkEndFeed
        case trailer(isEmpty: Bool)
        case trailerEnd(isEmpty: Bool)
    }

    private var state = State.idle
    private var pending: [UInt8] = []
    private var chunk: UInt64 = 0
    private var extra = 0
    private var interim = 0
    private var expectsBody = true
    /// Whether anything of the answer arrived.
    private(set) var hasBegun = false
    /// Whether the connection can serve another request once this answer is over.
    private(set) var mayPersist = false

    /// Begins with the answer to a request.
    ///
    /// - Parameter expectsBody: false for an answer to `HEAD`, whose length is that of a body which does not come.
    mutating func begin(expectsBody: Bool) {
        self.state = .head(line: 0)
        self.pending.removeAll(keepingCapacity: false)
        self.extra = 0
        self.interim = 0
        self.expectsBody = expectsBody
        self.hasBegun = false
        self.mayPersist = false
    }

    /// The next event; `nil` when more bytes are needed. What follows the end of an answer is left in `buffer`.
    mutating func next(from buffer: inout ByteBuffer) throws(Malformed) -> Event? {
        if buffer.readableBytes > 0 { self.hasBegun = true }
        while true {
            switch self.state {
            case .idle: return nil
            case .head(let line):
                guard let head = try self.readHead(from: line, &buffer) else { return nil }
                if let head = try self.frame(head) { return .head(head) }
            case .bodiless:
                self.state = .idle
                return .end
            case .sized(0): self.state = .bodiless
            case .sized(let left):
                guard let slice = buffer.readSlice(length: min(left, buffer.readableBytes)), slice.readableBytes > 0
                else { return nil }
                self.state = .sized(left - slice.readableBytes)
                return .body(slice)
            case .untilClose:
                guard let slice = buffer.readSlice(length: buffer.readableBytes), slice.readableBytes > 0 else {
                    return nil
                }
                return .body(slice)
            case .chunk(let left):
                let count = Int(min(left, UInt64(buffer.readableBytes)))
                guard count > 0, let slice = buffer.readSlice(length: count) else { return nil }
                self.state = left == UInt64(count) ? .chunkEnd : .chunk(left - UInt64(count))
                return .body(slice)
            default:
                guard let byte: UInt8 = buffer.readInteger() else { return nil }
                try self.frame(byte)
            }
        }
    }

    /// The connection was closed.
    ///
    /// - Returns: whether that is the end of the answer.
    mutating func close() throws(Truncated) {
        guard case .untilClose = self.state else { throw Truncated() }
        self.state = .idle
    }

    // MARK: The head

    /// Takes whole lines; returns the head's bytes up to its empty line.
    private mutating func readHead(from line: Int, _ buffer: inout ByteBuffer) throws(Malformed) -> [UInt8]? {
        var line = line
        while buffer.readableBytes > 0 {
            let view = buffer.readableBytesView
            let feed = view.firstIndex(of: 0x0a)
            let count = feed.map { $0 - view.startIndex + 1 } ?? view.count
            guard self.pending.count + count <= Self.headLimit else { throw Malformed() }
            self.pending += view.prefix(count)
            buffer.moveReaderIndex(forwardBy: count)
            guard zip(self.pending, "HTTP/1.".utf8).allSatisfy({ $0 == $1 }) else { throw Malformed() }
            guard feed != nil else { break }
            guard self.pending.count - line >= 2, self.pending[self.pending.count - 2] == 0x0d else {
                throw Malformed()
            }
            if self.pending.count - line == 2 {
                defer { self.pending = [] }
                return self.pending
            }
            line = self.pending.count
        }
        self.state = .head(line: line)
        return nil
    }

    private static func parse(_ bytes: [UInt8]) throws(Malformed) -> ResponseHead {
        // HTTP/1.x SP three digits, then a space or the end of the line.
        guard let first = bytes.firstIndex(of: 0x0d), first >= 12, bytes[first + 1] == 0x0a, bytes[8] == 0x20,
            first == 12 || bytes[12] == 0x20, bytes[9...11].allSatisfy({ (0x30...0x39).contains($0) }), bytes[9] > 0x30,
            (0x30...0x39).contains(bytes[7]), bytes[..<first].allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 })
        else { throw Malformed() }
        let status = bytes[9...11].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        var fields: [ResponseHead.Field] = []
        fields.reserveCapacity(16)
        var start = first + 2
        while bytes[start] != 0x0d {
            guard fields.count < Self.fieldLimit else { throw Malformed() }
            var colon = start
            while bytes[colon].isTokenByte { colon += 1 }
            guard colon > start, bytes[colon] == 0x3a else { throw Malformed() }
            var end = colon + 1
            while bytes[end] >= 0x20 && bytes[end] != 0x7f || bytes[end] == 0x09 { end += 1 }
            guard bytes[end] == 0x0d, bytes[end + 1] == 0x0a else { throw Malformed() }
            let next = end + 2
            var value = colon + 1
            while value < end, bytes[value] == 0x20 || bytes[value] == 0x09 { value += 1 }
            while end > value, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
            fields.append(.init(name: start..<colon, value: value..<end))
            start = next
        }
        return ResponseHead(status: status, isOld: bytes[7] == 0x30, bytes: bytes, fields: fields)
    }

    /// Decides how the body is framed; `nil` for an interim answer, after which another head comes.
    private mutating func frame(_ bytes: [UInt8]) throws(Malformed) -> ResponseHead? {
        let head = try Self.parse(bytes)
        guard head.status != 101 else { throw Malformed() }
        if head.status < 200 {
            self.interim += 1
            guard self.interim <= Self.interimLimit else { throw Malformed() }
            self.state = .head(line: 0)
            return nil
        }
        let codings = head.values(of: "transfer-encoding")
        let lengths = head.values(of: "content-length")
        let length = try Self.length(lengths)
        guard codings.isEmpty || lengths.isEmpty && codings.count == 1 && codings[0].lowercased() == "chunked" else {
            throw Malformed()
        }
        let options = head.values(of: "connection").joined(separator: ",").lowercased().split(separator: ",")
            .map { $0.filter { $0 != " " && $0 != "\t" } }
        self.mayPersist = !options.contains("close") && (!head.isOld || options.contains("keep-alive"))
        if !self.expectsBody || head.status == 204 || head.status == 304 {
            self.state = .bodiless
        } else if !codings.isEmpty {
            // An older peer does not know chunks: where its answer ends is not to be relied on (RFC 9112, section 6.1).
            if head.isOld { self.mayPersist = false }
            self.state = .chunkSize(0, digits: 0)
        } else if let length {
            self.state = .sized(length)
        } else {
            self.mayPersist = false
            self.state = .untilClose
        }
        return head
    }

    private static func length(_ values: [String]) throws(Malformed) -> Int? {
        var length: Int?
        for value in values {
            for part in value.split(separator: ",", omittingEmptySubsequences: false) {
                let digits = part.utf8.drop { $0 == 0x20 || $0 == 0x09 }
                    .prefix { (0x30...0x39).contains($0) }
                let rest = part.utf8[digits.endIndex...].allSatisfy { $0 == 0x20 || $0 == 0x09 }
                guard rest, (1...18).contains(digits.count), let number = Int(Substring(digits)),
                    length == nil || length == number
                else { throw Malformed() }
                length = number
            }
        }
        return length
    }

    // MARK: Chunks

    private mutating func frame(_ byte: UInt8) throws(Malformed) {
        switch (self.state, byte) {
        case (.chunkSize(let size, let digits), _):
            if let digit = byte.hexadecimalDigit {
                guard digits < 15 else { throw Malformed() }
                self.state = .chunkSize(size << 4 | UInt64(digit), digits: digits + 1)
            } else {
                guard digits > 0 else { throw Malformed() }
                self.chunk = size
                switch byte {
                case 0x0d: self.state = .chunkSizeEnd(size)
                case 0x3b, 0x20, 0x09: self.state = .chunkExtension
                default: throw Malformed()
                }
            }
        case (.chunkExtension, 0x0d): self.state = .chunkSizeEnd(self.chunk)
        case (.chunkExtension, _): try self.pass(byte)
        case (.chunkSizeEnd(0), 0x0a): self.state = .trailer(isEmpty: true)
        case (.chunkSizeEnd(let size), 0x0a): self.state = .chunk(size)
        case (.chunkEnd, 0x0d): self.state = .chunkEndFeed
        case (.chunkEndFeed, 0x0a): self.state = .chunkSize(0, digits: 0)
        case (.trailer(let isEmpty), 0x0d): self.state = .trailerEnd(isEmpty: isEmpty)
        case (.trailer, _):
            try self.pass(byte)
            self.state = .trailer(isEmpty: false)
        case (.trailerEnd(true), 0x0a): self.state = .bodiless
        case (.trailerEnd(false), 0x0a): self.state = .trailer(isEmpty: true)
        default: throw Malformed()
        }
    }

    /// Passes over a byte that is of no use here.
    private mutating func pass(_ byte: UInt8) throws(Malformed) {
        self.extra += 1
        guard byte != 0x0a, self.extra <= Self.headLimit else { throw Malformed() }
    }
}

extension UInt8 {
    fileprivate var hexadecimalDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}
