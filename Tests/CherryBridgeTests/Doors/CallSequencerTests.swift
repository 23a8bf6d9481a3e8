import CherryCore
import Testing

@testable import CherryBridge

@Suite("One call after the other")
struct CallSequencerTests {
    private func play(_ events: [ChatEvent]) -> [[ChatEvent]] {
        var sequencer = CallSequencer()
        return events.map { sequencer.receive($0) }
    }

    @Test("What comes in order passes at once")
    func inOrder() {
        let events: [ChatEvent] = [
            .started(id: nil, model: nil), .text("a"), .toolCall(index: 0, id: "a", name: "f"),
            .toolArguments(index: 0, "{\"x\":\"}"), .toolArguments(index: 0, "\\\"{\"}"),
            .toolCall(index: 1, id: "b", name: "g"), .toolArguments(index: 1, "[]"),
            .toolCallProof(index: 1, signature: "S"), .text("b"), .usage(TokenUsage(prompt: 1, completion: 1)),
            .finished(.stop),
        ]
        #expect(self.play(events) == events.map { [$0] })
    }

    @Test("What comes within a call waits until the call is whole")
    func waiting() {
        let told = self.play([
            .toolCall(index: 0, id: "a", name: "f"), .toolCall(index: 1, id: "b", name: "g"),
            .toolArguments(index: 1, "{}"), .text("t"), .toolArguments(index: 0, "{"), .toolArguments(index: 0, "}"),
            .finished(.stop),
        ])
        #expect(
            told == [
                [.toolCall(index: 0, id: "a", name: "f")], [], [], [], [.toolArguments(index: 0, "{")],
                [
                    .toolArguments(index: 0, "}"), .toolCall(index: 1, id: "b", name: "g"),
                    .toolArguments(index: 1, "{}"), .text("t"),
                ], [.finished(.stop)],
            ]
        )
    }

    @Test("The end tells everything that still waits")
    func end() {
        let told = self.play([
            .toolCall(index: 0, id: "a", name: "f"), .toolCall(index: 1, id: "b", name: "g"),
            .toolArguments(index: 1, "{"), .toolCall(index: 2, id: "c", name: "h"), .finished(.length),
        ])
        #expect(
            told.last == [
                .toolCall(index: 1, id: "b", name: "g"), .toolArguments(index: 1, "{"),
                .toolCall(index: 2, id: "c", name: "h"), .finished(.length),
            ]
        )
    }

    @Test("Whatever the order, every piece of every call arrives, each call in one go")
    func anyOrder() {
        // Two calls of three pieces each; every way to mix them.
        let texts = ["{\"a\"", ":[1", "]}"]
        for mask in 0..<64 where mask.nonzeroBitCount == 3 {
            var next = [0, 0]
            var events: [ChatEvent] = []
            for bit in 0..<6 {
                let call = (mask >> bit) & 1
                if next[call] == 0 { events.append(.toolCall(index: call, id: "\(call)", name: "f")) }
                events.append(.toolArguments(index: call, texts[next[call]]))
                next[call] += 1
            }
            let told = self.play(events + [.finished(.toolCalls)]).flatMap { $0 }
            let order = told.compactMap { event -> Int? in
                switch event {
                case .toolCall(let index, _, _), .toolArguments(let index, _): index
                default: nil
                }
            }
            let first = order.prefix { $0 == order[0] }
            #expect(!order.dropFirst(first.count).contains(order[0]), "mask \(mask)")
            for call in 0...1 {
                let pieces = told.compactMap { if case .toolArguments(call, let text) = $0 { text } else { nil } }
                #expect(pieces.joined() == texts.joined(), "mask \(mask)")
            }
        }
    }

    @Test("What waits grows together instead of piling up")
    func growing() {
        var sequencer = CallSequencer()
        _ = sequencer.receive(.toolCall(index: 0, id: "a", name: "f"))
        _ = sequencer.receive(.toolCall(index: 1, id: "b", name: "g"))
        for _ in 0..<1000 {
            #expect(sequencer.receive(.toolArguments(index: 1, "[")).isEmpty)
            #expect(sequencer.receive(.text("t")).isEmpty)
        }
        let told = sequencer.receive(.finished(.length))
        #expect(
            told == [
                .toolCall(index: 1, id: "b", name: "g"),
                .toolArguments(index: 1, String(repeating: "[", count: 1000)),
                .text(String(repeating: "t", count: 1000)), .finished(.length),
            ]
        )
    }
}
