import Foundation
import NIOCore
import Testing

@testable import CherryNet
@testable import CherryObservability

/// A message of the forward protocol as a strict server reads it: anything that the specification does not have in this
/// place is refused.
struct ForwardMessage {
    struct Refused: Error {
        let why: String
    }

    let tag: String
    let mode: FluentChunk.Mode
    let chunk: String
    /// The 8 bytes of each EventTime.
    let times: [[UInt8]]
    let records: [MessagePackValue]

    init(_ bytes: [UInt8]) throws {
        var reader = MessagePackReader()
        reader.append(bytes)
        guard let message = try reader.next(), try reader.next() == nil else { throw Refused(why: "not one message") }
        try self.init(message)
    }

    init(_ message: MessagePackValue) throws {
        guard let parts = message.array, parts.count == 3, case .string(let tag) = parts[0], !tag.isEmpty else {
            throw Refused(why: "not [tag, entries, option]")
        }
        guard case .map(let options) = parts[2], case .string(let chunk) = parts[2]["chunk"],
            Data(base64Encoded: chunk)?.count == 16
        else { throw Refused(why: "chunk is no text of 16 bytes in base64") }
        let names = options.compactMap { $0.key.text }
        guard Set(names).isSubset(of: ["chunk", "size", "compressed"]), Set(names).count == options.count else {
            throw Refused(why: "unknown option")
        }
        let entries: [MessagePackValue]
        switch (parts[1], parts[2]["compressed"]) {
        case (.array(let array), nil):
            self.mode = .plain
            entries = array
        case (.binary(let bytes), nil):
            self.mode = .packed
            entries = try Self.entries(bytes)
        case (.binary(let bytes), .string("gzip")):
            self.mode = .compressed
            entries = try Self.entries(try Self.unpack(bytes))
        default: throw Refused(why: "entries of no known mode")
        }
        guard parts[2]["size"] == .integer(Int64(entries.count)) else { throw Refused(why: "wrong size") }
        self.tag = tag
        self.chunk = chunk
        self.times = try entries.map { entry in
            guard let parts = entry.array, parts.count == 2, case .ext(type: 0, let time) = parts[0], time.count == 8,
                case .map(let members) = parts[1],
                members.allSatisfy({ if case .string = $0.key { true } else { false } })
            else { throw Refused(why: "entry is not [EventTime, map]") }
            return time
        }
        self.records = entries.compactMap { $0.array?[1] }
    }

    private static func entries(_ bytes: [UInt8]) throws -> [MessagePackValue] {
        var reader = MessagePackReader()
        var entries: [MessagePackValue] = []
        for start in stride(from: 0, to: bytes.count, by: 1000) {
            reader.append(Array(bytes[start..<min(start + 1000, bytes.count)]))
            while let entry = try reader.next() { entries.append(entry) }
        }
        guard MessagePackWriter.bytes(.array(entries)).count - (entries.count < 16 ? 1 : 3) == bytes.count else {
            throw Refused(why: "something after the last entry")
        }
        return entries
    }

    private static func unpack(_ bytes: [UInt8]) throws -> [UInt8] {
        guard let inflater = Inflater(coding: "gzip") else { throw Refused(why: "no inflater") }
        inflater.feed(ByteBuffer(bytes: bytes))
        var unpacked: [UInt8] = []
        while let piece = try inflater.next() { unpacked += piece.readableBytesView }
        guard inflater.isWhole else { throw Refused(why: "cut off") }
        return unpacked
    }
}
