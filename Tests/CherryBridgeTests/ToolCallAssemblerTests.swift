import Testing

@testable import CherryBridge

@Suite("Fragments of tool calls")
struct ToolCallAssemblerTests {
    private typealias Fragment = (index: Int?, id: String?, name: String?, arguments: String)

    private func play(_ fragments: [Fragment]) -> [ChatEvent] {
        var assembler = ToolCallAssembler()
        return fragments.flatMap {
            assembler.receive(index: $0.index, id: $0.id, name: $0.name, arguments: $0.arguments)
        }
    }

    private let two: [ChatEvent] = [
        .toolCall(index: 0, id: "a", name: "f"), .toolArguments(index: 0, "{"), .toolCall(index: 1, id: "b", name: "g"),
        .toolArguments(index: 1, "["), .toolArguments(index: 0, "}"), .toolArguments(index: 1, "]"),
    ]

    @Test("Interleaved fragments find their call by index")
    func byIndex() {
        let events = self.play([
            (0, "a", "f", "{"), (1, "b", "g", "["), (0, nil, nil, "}"), (1, nil, nil, "]"),
        ])
        #expect(events == self.two)
    }

    @Test("Fragments that repeat id and name with every piece begin no new call")
    func repeated() {
        let events = self.play([
            (0, "a", "f", "{"), (1, "b", "g", "["), (0, "a", "f", "}"), (1, "b", "g", "]"),
        ])
        #expect(events == self.two)
    }

    @Test("Fragments find their call by id when there is no index")
    func byID() {
        let events = self.play([
            (nil, "a", "f", "{"), (nil, "b", "g", "["), (nil, "a", nil, "}"), (nil, "b", nil, "]"),
        ])
        #expect(events == self.two)
    }

    @Test("Calls that are all counted as 0 are told apart by their id")
    func sameIndex() {
        let events = self.play([(0, "a", "f", "{}"), (0, "b", "g", "[]")])
        #expect(
            events == [
                .toolCall(index: 0, id: "a", name: "f"), .toolArguments(index: 0, "{}"),
                .toolCall(index: 1, id: "b", name: "g"), .toolArguments(index: 1, "[]"),
            ]
        )
    }

    @Test("Without index and id, more arguments belong to the call that began last")
    func anonymous() {
        let events = self.play([(nil, nil, "f", "{"), (nil, nil, nil, "}"), (nil, nil, "f", "{}")])
        #expect(
            events == [
                .toolCall(index: 0, id: "call_0", name: "f"), .toolArguments(index: 0, "{"),
                .toolArguments(index: 0, "}"), .toolCall(index: 1, id: "call_1", name: "f"),
                .toolArguments(index: 1, "{}"),
            ]
        )
    }

    @Test("Arguments of no call are dropped")
    func stray() {
        #expect(self.play([(nil, nil, nil, "{"), (3, nil, nil, "}"), (nil, "x", nil, "}")]).isEmpty)
    }
}
