/// Reads HTTP/1.1 answers off a connection, counts what is in them and keeps none of it.
struct ResponseReader: Sendable {
    /// One answer, as far as it has come.
    struct Answer: Sendable, Hashable {
        var status = 0
        var bodyBytes = 0
        /// Server-sent events: pieces of the body that end in an empty line.
        var events = 0
        var keepsAlive = true
    }

    enum Outcome: Sendable, Hashable {
        /// More is to come.
        case partial
        case complete
        /// What came is no HTTP/1.1.
        case broken
    }

    private enum State: Sendable {
        case head
        case length(Int)
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailers
        case untilClose
        case done
    }

    private static let longestHead = 64 << 10

    private(set) var answer = Answer()
    private var state = State.head
    private var line: [UInt8] = []
    private var afterNewline = false

    /// Starts over with the next answer.
    mutating func reset() {
        self.answer = Answer()
        self.state = .head
        self.line.removeAll(keepingCapacity: true)
        self.afterNewline = false
    }

    /// Takes the next bytes.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        var at = 0
        while at < bytes.count {
            switch self.state {
            case .head, .chunkSize, .chunkEnd, .trailers:
                let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
                guard let newline = rest.firstIndex(of: 0x0A) else {
                    self.line.append(contentsOf: rest)
                    return self.line.count > Self.longestHead ? .broken : .partial
                }
                self.line.append(contentsOf: rest[..<newline])
                at += newline + 1
                if self.line.last == 0x0D { self.line.removeLast() }
                guard self.endLine() else { return .broken }
                self.line.removeAll(keepingCapacity: true)
            case .length(let left):
                let take = min(left, bytes.count - at)
                self.count(UnsafeRawBufferPointer(rebasing: bytes[at..<(at + take)]))
                at += take
                self.state = take == left ? .done : .length(left - take)
            case .chunk(let left):
                let take = min(left, bytes.count - at)
                self.count(UnsafeRawBufferPointer(rebasing: bytes[at..<(at + take)]))
                at += take
                self.state = take == left ? .chunkEnd : .chunk(left - take)
            case .untilClose:
                self.count(UnsafeRawBufferPointer(rebasing: bytes[at...]))
                at = bytes.count
            case .done: return .broken
            }
        }
        if case .done = self.state { return .complete }
        return .partial
    }

    /// Takes the end of the connection.
    mutating func close() -> Outcome {
        if case .untilClose = self.state { return .complete }
        return .broken
    }

    private mutating func count(_ bytes: UnsafeRawBufferPointer) {
        self.answer.bodyBytes += bytes.count
        var at = 0
        while at < bytes.count {
            if self.afterNewline, bytes[at] == 0x0A || bytes[at] == 0x0D {
                if bytes[at] == 0x0A {
                    self.answer.events += 1
                    self.afterNewline = false
                }
                at += 1
                continue
            }
            self.afterNewline = false
            guard let newline = UnsafeRawBufferPointer(rebasing: bytes[at...]).firstIndex(of: 0x0A) else { return }
            self.afterNewline = true
            at += newline + 1
        }
    }

    /// Acts on a whole line of the head or of the chunks' framing.
    private mutating func endLine() -> Bool {
        switch self.state {
        case .head: return self.headLine()
        case .chunkSize:
            let digits = self.line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0 else { return false }
            self.state = size == 0 ? .trailers : .chunk(size)
            return true
        case .chunkEnd:
            self.state = .chunkSize
            return self.line.isEmpty
        case .trailers:
            if self.line.isEmpty { self.state = .done }
            return true
        default: return false
        }
    }

    private var bodyLength = -1
    private var isChunked = false

    private mutating func headLine() -> Bool {
        if self.answer.status == 0 {
            self.bodyLength = -1
            self.isChunked = false
            guard self.line.starts(with: "HTTP/1.1 ".utf8), self.line.count >= 12 else { return false }
            guard let status = Int(String(decoding: self.line[9..<12], as: UTF8.self)) else { return false }
            self.answer.status = status
            return true
        }
        guard !self.line.isEmpty else {
            if self.answer.status < 200 {
                self.answer.status = 0
            } else if self.isChunked {
                self.state = .chunkSize
            } else if self.bodyLength == 0 || self.answer.status == 204 {
                self.state = .done
            } else if self.bodyLength > 0 {
                self.state = .length(self.bodyLength)
            } else {
                self.answer.keepsAlive = false
                self.state = .untilClose
            }
            return true
        }
        if self.has("content-length:") {
            let digits = self.line.dropFirst(15).filter { $0 != 0x20 && $0 != 0x09 }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length >= 0 else { return false }
            self.bodyLength = length
        } else if self.has("transfer-encoding:") {
            self.isChunked = true
        } else if self.has("connection:"), String(decoding: self.line, as: UTF8.self).lowercased().contains("close") {
            self.answer.keepsAlive = false
        }
        return true
    }

    /// Whether the line begins with `name`, in any case.
    private func has(_ name: StaticString) -> Bool {
        guard self.line.count >= name.utf8CodeUnitCount else { return false }
        for index in 0..<name.utf8CodeUnitCount {
            let byte = self.line[index]
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            if lower != name.utf8Start[index] { return false }
        }
        return true
    }
}
