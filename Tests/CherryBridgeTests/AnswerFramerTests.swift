import CherryBridge
import Testing

@Suite("Cutting answers into events")
struct AnswerFramerTests {
    private func lines(_ text: String, every size: Int) throws -> [String] {
        var framer = LineFramer()
        var events: [StreamedEvent] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            events += try framer.feed(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        return (events + framer.finish()).map(\.data)
    }

    @Test("Lines are cut in the same places whatever pieces they arrive in", arguments: 1...12)
    func pieces(size: Int) throws {
        let text = "{\"a\":\"🍒\"}\n\n{\"b\":1}\r\n  \n{\"c\":2}"
        #expect(try self.lines(text, every: size) == ["{\"a\":\"🍒\"}", "{\"b\":1}\r", "{\"c\":2}"])
    }

    @Test("A line beyond the limit is refused")
    func limit() {
        var framer = LineFramer()
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(throws: BridgeError.self) { for _ in 0..<17 { _ = try framer.feed(piece) } }
    }

    @Test("A whole answer is one event at its end")
    func whole() throws {
        var framer = WholeAnswerFramer()
        #expect(try framer.feed(Array("{\"a\"".utf8)).isEmpty)
        #expect(try framer.feed(Array(":1}".utf8)).isEmpty)
        #expect(framer.finish().map(\.data) == ["{\"a\":1}"])
    }
}
