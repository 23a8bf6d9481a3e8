/// Reads values from bytes that arrive in pieces. What is read comes from outside, so its size and depth are bounded.
struct MessagePackReader {
    enum Failure: Error, Hashable {
        /// No MessagePack, or a text that is no UTF-8.
        case malformed
        /// Larger or deeper than what servers have to say.
        case tooLarge
    }

    /// Bytes of one value.
    static let sizeLimit = 64 << 10
    private static let depthLimit = 8

    private var bytes: [UInt8] = []
    private var start = 0

    /// Takes bytes that arrived.
    mutating func append(_ bytes: [UInt8]) {
        self.bytes.removeFirst(self.start)
        self.start = 0
        self.bytes += bytes
    }

    /// The next value; `nil` when more bytes are needed.
    mutating func next() throws(Failure) -> MessagePackValue? {
        guard self.start < self.bytes.count else { return nil }
        var cursor = Cursor(bytes: self.bytes[self.start...])
        do throws(Stop) {
            let value = try cursor.value(depth: 0)
            self.start = cursor.at
            return value
        } catch {
            switch error {
            case .incomplete:
                guard self.bytes.count - self.start <= Self.sizeLimit else { throw .tooLarge }
                return nil
            case .failed(let failure): throw failure
            }
        }
    }

    private enum Stop: Error {
        case incomplete
        case failed(Failure)
    }

    private struct Cursor {
        let bytes: ArraySlice<UInt8>
        var at: Int
        private let end: Int

        init(bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
            self.at = bytes.startIndex
            self.end = bytes.startIndex + MessagePackReader.sizeLimit
        }

        mutating func value(depth: Int) throws(Stop) -> MessagePackValue {
            guard depth <= MessagePackReader.depthLimit else { throw .failed(.tooLarge) }
            let mark = try self.take(1)[0]
            switch mark {
            case 0x00...0x7f: return .integer(Int64(mark))
            case 0x80...0x8f: return try self.map(Int(mark & 0x0f), depth)
            case 0x90...0x9f: return try self.array(Int(mark & 0x0f), depth)
            case 0xa0...0xbf: return try self.string(Int(mark & 0x1f))
            case 0xe0...0xff: return .integer(Int64(Int8(bitPattern: mark)))
            default: return try self.marked(mark, depth)
            }
        }

        private mutating func marked(_ mark: UInt8, _ depth: Int) throws(Stop) -> MessagePackValue {
            switch mark {
            case 0xc0: return .null
            case 0xc2: return .bool(false)
            case 0xc3: return .bool(true)
            case 0xc4: return .binary(try self.take(Int(try self.number(UInt8.self))))
            case 0xc5: return .binary(try self.take(Int(try self.number(UInt16.self))))
            case 0xc6: return .binary(try self.take(Int(try self.number(UInt32.self))))
            case 0xc7: return try self.ext(Int(try self.number(UInt8.self)))
            case 0xc8: return try self.ext(Int(try self.number(UInt16.self)))
            case 0xc9: return try self.ext(Int(try self.number(UInt32.self)))
            case 0xca: return .number(Double(Float(bitPattern: try self.number(UInt32.self))))
            case 0xcb: return .number(Double(bitPattern: try self.number(UInt64.self)))
            case 0xcc: return .integer(Int64(try self.number(UInt8.self)))
            case 0xcd: return .integer(Int64(try self.number(UInt16.self)))
            case 0xce: return .integer(Int64(try self.number(UInt32.self)))
            case 0xcf:
                let value = try self.number(UInt64.self)
                return Int64(exactly: value).map { .integer($0) } ?? .large(value)
            case 0xd0: return .integer(Int64(try self.number(Int8.self)))
            case 0xd1: return .integer(Int64(try self.number(Int16.self)))
            case 0xd2: return .integer(Int64(try self.number(Int32.self)))
            case 0xd3: return .integer(try self.number(Int64.self))
            case 0xd4: return try self.ext(1)
            case 0xd5: return try self.ext(2)
            case 0xd6: return try self.ext(4)
            case 0xd7: return try self.ext(8)
            case 0xd8: return try self.ext(16)
            case 0xd9: return try self.string(Int(try self.number(UInt8.self)))
            case 0xda: return try self.string(Int(try self.number(UInt16.self)))
            case 0xdb: return try self.string(Int(try self.number(UInt32.self)))
            case 0xdc: return try self.array(Int(try self.number(UInt16.self)), depth)
            case 0xdd: return try self.array(Int(try self.number(UInt32.self)), depth)
            case 0xde: return try self.map(Int(try self.number(UInt16.self)), depth)
            case 0xdf: return try self.map(Int(try self.number(UInt32.self)), depth)
            default: throw .failed(.malformed)  // 0xc1 is never used
            }
        }

        private mutating func take(_ count: Int) throws(Stop) -> [UInt8] {
            guard self.at + count <= self.end else { throw .failed(.tooLarge) }
            guard self.at + count <= self.bytes.endIndex else { throw .incomplete }
            defer { self.at += count }
            return Array(self.bytes[self.at..<self.at + count])
        }

        private mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(Stop) -> Number {
            try self.take(MemoryLayout<Number>.size).reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
        }

        private mutating func string(_ count: Int) throws(Stop) -> MessagePackValue {
            guard let text = String(validating: try self.take(count), as: UTF8.self) else {
                throw .failed(.malformed)
            }
            return .string(text)
        }

        private mutating func ext(_ count: Int) throws(Stop) -> MessagePackValue {
            let type = try self.number(Int8.self)
            return .ext(type: type, bytes: try self.take(count))
        }

        private mutating func array(_ count: Int, _ depth: Int) throws(Stop) -> MessagePackValue {
            try self.checkRoom(count)
            var elements: [MessagePackValue] = []
            for _ in 0..<count { elements.append(try self.value(depth: depth + 1)) }
            return .array(elements)
        }

        private mutating func map(_ count: Int, _ depth: Int) throws(Stop) -> MessagePackValue {
            try self.checkRoom(2 * count)
            var members: [MessagePackValue.Member] = []
            for _ in 0..<count {
                let key = try self.value(depth: depth + 1)
                members.append(.init(key: key, value: try self.value(depth: depth + 1)))
            }
            return .map(members)
        }

        /// Each value takes a byte at least.
        private func checkRoom(_ count: Int) throws(Stop) {
            guard self.at + count <= self.end else { throw .failed(.tooLarge) }
        }
    }
}
