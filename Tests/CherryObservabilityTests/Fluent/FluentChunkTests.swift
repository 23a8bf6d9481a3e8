import CherryCore
import CherryJournal
import Foundation
import Testing

@testable import CherryNet
@testable import CherryObservability

@Suite("Chunks of the forward protocol")
struct FluentChunkTests {
    private struct Example {
        let tag: String
        let record: FluentRecord
        let bytes: [UInt8]
    }

    /// What fluent-logger sends: see Fixtures/make_fluent_logger.py.
    private func examples() throws -> [Example] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/fluent-logger.json")
        let list = try #require(try JSONValue(parsing: Data(contentsOf: file)).array)
        return try list.map { example in
            let seconds = Int64(try #require(example["seconds"]?.integer))
            let nanoseconds = Int64(try #require(example["nanoseconds"]?.integer))
            let fields = try #require(example["record"]?.object).map { key, value -> (name: String, value: LogValue) in
                if let text = value.string { return (key, .text(text)) }
                return (key, .integer(Int64(try #require(value.integer))))
            }
            let time = LogTime(microseconds: seconds * 1_000_000 + nanoseconds / 1000)
            return Example(
                tag: try #require(example["tag"]?.string),
                record: FluentRecord(time: time, fields: fields),
                bytes: try #require(example["bytes"]?.string?.hexadecimalBytes)
            )
        }
    }

    @Test("A record has the bytes that fluent-logger gives it: the same order, the same time")
    func fluentLogger() throws {
        let examples = try self.examples()
        #expect(examples.count >= 5)
        for example in examples {
            // Its message is [tag, time, record]; our entry is [time, record].
            var tag = MessagePackWriter()
            tag.writeArrayHeader(3)
            tag.write(example.tag)
            var entry = MessagePackWriter()
            example.record.write(to: &entry)
            #expect(tag.bytes + entry.bytes.dropFirst() == example.bytes)
        }
    }

    @Test("A chunk is tag, entries and options; its id is text", arguments: FluentChunk.Mode.allCases)
    func chunk(mode: FluentChunk.Mode) throws {
        let records = try self.examples().map(\.record)
        let chunk = FluentChunk(tag: "cherry.log", records: records, ids: ["a", "b"], mode: mode)
        let message = try ForwardMessage(chunk.bytes)
        #expect(message.tag == "cherry.log")
        #expect(message.chunk == chunk.id)
        #expect(message.records.count == records.count)
        #expect(message.mode == mode)
        #expect(message.times.first == [0x69, 0x7d, 0xee, 0xc0, 0, 0, 0x03, 0xe8])
    }

    @Test("A chunk has the same bytes each time it is made of the same records")
    func golden() {
        let record = FluentRecord(time: LogTime(microseconds: 1_000_002), fields: [("a", .integer(1))])
        let chunk = FluentChunk(tag: "t", records: [record], ids: ["0123"], mode: .packed)
        let entry: [UInt8] = [0x92, 0xd7, 0, 0, 0, 0, 1, 0, 0, 0x07, 0xd0, 0x81, 0xa1, 0x61, 1]
        let head: [UInt8] = [0x93, 0xa1, 0x74, 0xc4, UInt8(entry.count)]
        let options: [UInt8] = [0x82, 0xa4] + Array("size".utf8) + [1, 0xa5] + Array("chunk".utf8)
        #expect(chunk.bytes == head + entry + options + [0xb8] + Array(chunk.id.utf8))
        #expect(Data(base64Encoded: chunk.id)?.count == 16)
    }

    @Test("The id depends on the records' ids and on nothing else")
    func identity() {
        let records = [FluentRecord(time: LogTime(microseconds: 0), fields: [])]
        func id(_ ids: [String], _ mode: FluentChunk.Mode = .packed) -> String {
            FluentChunk(tag: "t", records: records, ids: ids, mode: mode).id
        }
        #expect(id(["a", "b"]) == id(["a", "b"], .compressed))
        #expect(id(["a", "b"]) != id(["b", "a"]))
        #expect(id(["ab"]) != id(["a", "b"]))
    }
}

extension String {
    /// The bytes that pairs of hexadecimal digits stand for.
    fileprivate var hexadecimalBytes: [UInt8]? {
        let digits = Array(self)
        guard digits.count.isMultiple(of: 2) else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        return bytes.count * 2 == digits.count ? bytes : nil
    }
}
