import Testing

@testable import CherryAPI

@Suite("Passing a stream on in whole events")
struct EventGateTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("Nothing is lost or changed, however the bytes come", arguments: ["\n", "\r\n", "\r"])
    func exact(line: String) {
        let stream = ["data: one", "", ": note", "", "event: x", "data: two", "data: three", "", "", "data: en"]
            .joined(separator: line)
        for size in 1...stream.utf8.count {
            var gate = EventGate()
            var out: [UInt8] = []
            var rest = Self.bytes(stream)[...]
            while !rest.isEmpty {
                out += gate.feed(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            out += gate.finish()
            #expect(String(decoding: out, as: UTF8.self) == stream, "in pieces of \(size)")
        }
    }

    @Test("Only whole events go through", arguments: ["\n", "\r\n"])
    func whole(line: String) {
        var gate = EventGate()
        let event = "data: one\(line)\(line)"
        for byte in Self.bytes(event).dropLast() {
            let out = gate.feed([byte])
            #expect(out.isEmpty)
        }
        let end = gate.feed([0x0A])
        #expect(end == Self.bytes(event))
        #expect(gate.endsEvent)
        let next = gate.feed(Self.bytes(event + "data: tw"))
        #expect(next == Self.bytes(event))
        let held = gate.finish()
        #expect(held == Self.bytes("data: tw"))
    }

    @Test("An event too large to be held goes through as it comes, and its end shows")
    func large() {
        var gate = EventGate()
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 20_000)
        let first = gate.feed(large)
        #expect(first == large)
        #expect(!gate.endsEvent)
        let end = gate.feed(Self.bytes("y\n\n"))
        #expect(end == Self.bytes("y\n\n"))
        #expect(gate.endsEvent)
    }
}
