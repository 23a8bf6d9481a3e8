import CherryCore
import Testing

@testable import CherryBridge

@Suite("Doors against anything at all")
struct DoorMutationTests {
    private static let strange: [JSONValue] = [
        .null, true, 0, -1, .integer(.max), 1e300, "", "x", "bridge:{}", "bridge:{\"call\":\"a\",\"signature\":\"s\"}",
        [], [:],
        [[]], ["type": "text"], ["text": "x"], "data:,", "data:image/png;base64,AA",
    ]

    /// The value with one place in it changed.
    private static func changed(_ value: JSONValue, _ numbers: inout SplitMix64) -> JSONValue {
        guard Int.random(in: 0..<4, using: &numbers) > 0 else { return self.strange.randomElement(using: &numbers)! }
        switch value {
        case .array(var elements) where !elements.isEmpty:
            let place = Int.random(in: elements.indices, using: &numbers)
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0: elements.remove(at: place)
            case 1: elements.insert(elements[place], at: place)
            default: elements[place] = self.changed(elements[place], &numbers)
            }
            return .array(elements)
        case .object(var object) where !object.isEmpty:
            let key = object.keys.randomElement(using: &numbers)!
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0: object[key] = nil
            case 1: object["strange"] = self.strange.randomElement(using: &numbers)
            default: object[key] = self.changed(object[key]!, &numbers)
            }
            return .object(object)
        default: return self.strange.randomElement(using: &numbers)!
        }
    }

    @Test("A damaged request is read or refused, never anything else", arguments: DoorCase.all)
    func requests(door: DoorCase) throws {
        var numbers = SplitMix64(seed: 7)
        let original = doorJSON(door.body)
        var (taken, refused) = (0, 0)
        for _ in 0..<5_000 {
            var body = original
            for _ in 0...Int.random(in: 0..<3, using: &numbers) { body = Self.changed(body, &numbers) }
            do {
                _ = try door.door.request(from: body)
                taken += 1
            } catch let error as BridgeError {
                #expect(error.code == .invalid || error.code == .unsupported)
                refused += 1
            }
        }
        #expect(taken > 0 && refused > 0)
    }

    private static func event(_ numbers: inout SplitMix64, calls: inout Int) -> ChatEvent {
        let known = Int.random(in: 0..<max(1, calls), using: &numbers)
        switch Int.random(in: 0..<9, using: &numbers) {
        case 0: return .text(["a", "", "🍒"].randomElement(using: &numbers)!)
        case 1: return .reasoning("h")
        case 2: return .reasoningProof(Reasoning(text: "", signature: "S"))
        case 3: return .reasoningProof(Reasoning(text: "", encrypted: "E", id: "i"))
        case 4, 5:
            defer { calls += 1 }
            return .toolCall(index: calls, id: "c\(calls)", name: "f")
        case 6 where calls > 0: return .toolCallProof(index: known, signature: "T")
        default:
            let piece = ["{", "}", "[1]", "\"", " ", "{}"].randomElement(using: &numbers)!
            return calls > 0 ? .toolArguments(index: known, piece) : .text("b")
        }
    }

    @Test("Whatever the order of events, an Anthropic stream is a sequence of whole blocks")
    func anthropic() throws {
        var numbers = SplitMix64(seed: 11)
        for round in 0..<500 {
            var calls = 0
            let count = Int.random(in: 0..<40, using: &numbers)
            let events = (0..<count).map { _ in Self.event(&numbers, calls: &calls) } + [.finished(.stop)]
            let values = try AnthropicDoor().stream(events).values
            #expect(values.first?["type"] == "message_start", "round \(round)")
            #expect(values.suffix(2).map { $0["type"] } == ["message_delta", "message_stop"], "round \(round)")
            var (open, next) = (nil as Int?, 0)
            for value in values.dropFirst().dropLast(2) {
                let index = value["index"]?.integer
                switch value["type"]?.string {
                case "content_block_start":
                    #expect(open == nil && index == next, "round \(round)")
                    (open, next) = (index, next + 1)
                case "content_block_delta": #expect(open != nil && index == open, "round \(round)")
                case "content_block_stop":
                    #expect(index == open, "round \(round)")
                    open = nil
                default: Issue.record("round \(round): \(value.text)")
                }
            }
            #expect(open == nil, "round \(round)")
            let texts = events.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
            #expect(values.compactMap { $0["delta"]?["text"]?.string }.joined() == texts, "round \(round)")
            #expect(values.filter { $0["content_block"]?["type"] == "tool_use" }.count == calls, "round \(round)")
        }
    }

    @Test("Whatever the order of events, a Responses stream counts on and ends as its whole answer")
    func responses() throws {
        var numbers = SplitMix64(seed: 13)
        for round in 0..<500 {
            var calls = 0
            let count = Int.random(in: 0..<40, using: &numbers)
            let events = (0..<count).map { _ in Self.event(&numbers, calls: &calls) } + [.finished(.stop)]
            let values = try OpenAIResponsesDoor().stream(events).values
            #expect(values.map { $0["sequence_number"]?.integer } == Array(0..<values.count), "round \(round)")
            let done = values.filter { $0["type"] == "response.output_item.done" }
            #expect(done.map { $0["output_index"]?.integer } == Array(0..<done.count), "round \(round)")
            #expect(values.last?["response"]?["output"]?.array == done.compactMap { $0["item"] }, "round \(round)")
            #expect(values.last?["response"] == (try OpenAIResponsesDoor().whole(events)), "round \(round)")
        }
    }
}
