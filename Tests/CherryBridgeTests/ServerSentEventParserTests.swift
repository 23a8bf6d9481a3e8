import Testing

@testable import CherryBridge

@Suite("Server-sent events")
struct ServerSentEventParserTests {
    static func parse(_ text: String, splitAt split: Int? = nil) throws -> [StreamedEvent] {
        var parser = ServerSentEventParser()
        let bytes = Array(text.utf8)
        guard let split else { return try parser.feed(bytes) }
        return try parser.feed(bytes[..<split]) + parser.feed(bytes[split...])
    }

    @Test("Fields, comments, several lines of data and names")
    func fields() throws {
        let events = try Self.parse(
            ": hello\nevent: add\ndata: one\ndata:two\ndata\nid: 7\nretry: 10\nother: x\n\ndata: next\n\n"
        )
        #expect(
            events == [
                StreamedEvent(name: "add", data: "one\ntwo\n", id: "7"),
                StreamedEvent(name: "message", data: "next", id: "7"),
            ]
        )
    }

    @Test("Every kind of line end, and a byte order mark", arguments: ["\n", "\r", "\r\n"])
    func lineEnds(end: String) throws {
        let text = "\u{FEFF}data: a\(end)\(end)data: b\(end)\(end)"
        #expect(try Self.parse(text).map(\.data) == ["a", "b"])
    }

    @Test("Cutting the stream at any byte changes nothing")
    func split() throws {
        let text = "\u{FEFF}: ping\r\n\r\ndata: {\"t\":\"Kirsche 🍒\"}\r\n\r\nevent: x\rdata: ä\r\rdata: b\n\n"
        let whole = try Self.parse(text)
        #expect(whole.map(\.data) == ["{\"t\":\"Kirsche 🍒\"}", "ä", "b"])
        for split in 0...text.utf8.count {
            #expect(try Self.parse(text, splitAt: split) == whole, "split at \(split)")
        }
    }

    @Test("An event that is not finished is not delivered")
    func unfinished() throws {
        #expect(try Self.parse("data: half").isEmpty)
        #expect(try Self.parse("data: half\n").isEmpty)
        #expect(try Self.parse("event: nothing\n\n").isEmpty)
    }

    @Test("Ten megabytes in one event are taken, more than sixteen refused")
    func size() throws {
        let large = "data: " + String(repeating: "x", count: 10 << 20) + "\n\n"
        #expect(try Self.parse(large).first?.data.utf8.count == 10 << 20)
        var parser = ServerSentEventParser()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        #expect(throws: BridgeError.self) {
            for _ in 0..<17 { _ = try parser.feed(piece) }
        }
    }

    @Test("Where each event ends among the bytes is known, whatever ends lines and however they come")
    func ends() throws {
        for lineEnd in ["\n", "\r\n", "\r"] {
            let events = ["data: one", "id: 7\(lineEnd)data: two", ": note\(lineEnd)event: x\(lineEnd)data: three"]
                .map { Array("\($0)\(lineEnd)\(lineEnd)".utf8) }
            let stream = events.flatMap(\.self)
            var parser = ServerSentEventParser()
            #expect(try parser.feed(stream).count == 3)
            let ends = [0, events[0].count, events[0].count + events[1].count, stream.count]
            #expect((0...3).map { parser.length(ofEvents: $0) } == ends)
            for cut in 1..<stream.count {
                var parser = ServerSentEventParser()
                let before = try parser.feed(stream[..<cut]).count
                let passed = parser.length(ofEvents: before)
                #expect(try parser.feed(stream[cut...]).count == 3 - before)
                // What ends a line that began before, and no more: a line feed after its carriage return.
                let rest = parser.length(ofEvents: 0)
                #expect(rest == (stream[(cut - 1)...cut] == [0x0D, 0x0A] ? 1 : 0), "cut after \(cut)")
                #expect(passed <= cut)
                #expect(cut + parser.length(ofEvents: 3 - before) == stream.count)
            }
        }
    }
}
