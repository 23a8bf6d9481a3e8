import CherryCore
import Testing

@testable import CherryBridge

/// A tool gives an answer back with its next request; what proves reasoning and calls to their provider must survive.
@Suite("Giving an answer back")
struct GivingBackTests {
    /// What was thought and called, and what must come back of it.
    static let answers: [(events: [ChatEvent], parts: [ContentPart])] = [
        (
            [.reasoning("h"), .reasoning("m"), .reasoningProof(Reasoning(text: "", signature: "S")), .text("a")],
            [.reasoning(Reasoning(text: "hm", signature: "S")), .text("a")]
        ),
        (
            [.reasoningProof(Reasoning(text: "", encrypted: "E")), .text("a")],
            [.reasoning(Reasoning(text: "", encrypted: "E")), .text("a")]
        ),
        (
            [.reasoning("hm"), .reasoningProof(Reasoning(text: "", encrypted: "E", id: "rs_9")), .text("a")],
            [.reasoning(Reasoning(text: "hm", encrypted: "E", id: "rs_9")), .text("a")]
        ),
        (
            [.reasoningProof(Reasoning(text: "", signature: "S")), .text("a")],
            [.reasoning(Reasoning(text: "", signature: "S")), .text("a")]
        ),
        (
            [
                .reasoning("än"), .reasoningProof(Reasoning(text: "", signature: "S")),
                .reasoningProof(Reasoning(text: "", encrypted: "E")), .reasoning("ö"),
                .reasoningProof(Reasoning(text: "", signature: "T", id: "i")), .text("a"),
            ],
            [
                .reasoning(Reasoning(text: "än", signature: "S")), .reasoning(Reasoning(text: "", encrypted: "E")),
                .reasoning(Reasoning(text: "ö", signature: "T", id: "i")), .text("a"),
            ]
        ), ([.reasoning("hm"), .text("a")], [.reasoning(Reasoning(text: "hm")), .text("a")]),
        (
            [
                .text("a"), .toolCall(index: 0, id: "c0", name: "f"), .toolCallProof(index: 0, signature: "S"),
                .toolArguments(index: 0, "{\"x\":1}"), .toolCall(index: 1, id: "c1", name: "g"),
                .toolArguments(index: 1, "{}"), .toolCallProof(index: 1, signature: "T"),
            ],
            [
                .text("a"), .toolCall(ToolCall(id: "c0", name: "f", arguments: "{\"x\":1}", signature: "S")),
                .toolCall(ToolCall(id: "c1", name: "g", arguments: "{}", signature: "T")),
            ]
        ),
    ]

    /// The next request of a tool that got `answer` whole.
    private func next(_ answer: JSONValue, _ door: any BridgeDoor) throws -> ChatRequest {
        let user: JSONValue = ["role": "user", "content": "Hi"]
        switch door.api {
        case .anthropicMessages:
            let turn: JSONValue = ["role": "assistant", "content": answer["content"] ?? .null]
            return try door.request(from: ["model": "m", "max_tokens": 5, "messages": [user, turn]])
        case .openAIResponses:
            return try door.request(from: ["model": "m", "input": .array([user] + (answer["output"]?.array ?? []))])
        default:
            let turn = answer["choices"]?.array?[0]["message"] ?? .null
            return try door.request(from: ["model": "m", "messages": [user, turn]])
        }
    }

    @Test("An answer told whole", arguments: DoorCase.all, Self.answers.indices)
    func whole(door: DoorCase, place: Int) throws {
        let (events, parts) = Self.answers[place]
        let answer = try door.door.whole(events + [.finished(.stop)])
        #expect(try self.next(answer, door.door).messages.last?.parts == parts)
    }

    @Test("An answer that was streamed and put together by the tool", arguments: DoorCase.all, Self.answers.indices)
    func streamed(door: DoorCase, place: Int) throws {
        let (events, parts) = Self.answers[place]
        let values = try door.door.stream(events + [.finished(.stop)]).values
        let answer: JSONValue
        switch door.door.api {
        case .anthropicMessages: answer = Self.message(values)
        case .openAIResponses: answer = values.last?["response"] ?? .null
        default: answer = Self.completion(values)
        }
        #expect(try self.next(answer, door.door).messages.last?.parts == parts)
    }

    /// Puts blocks together as Anthropic's own clients do.
    private static func message(_ values: [JSONValue]) -> JSONValue {
        var blocks: [JSONValue] = []
        var inputs: [Int: String] = [:]
        for value in values {
            let index = value["index"]?.integer ?? 0
            if let block = value["content_block"] { blocks.append(block) }
            guard let delta = value["delta"], delta["type"] != nil else { continue }
            for key in ["text", "thinking", "signature"] {
                guard let more = delta[key]?.string else { continue }
                blocks[index][key] = .string((blocks[index][key]?.string ?? "") + more)
            }
            if let more = delta["partial_json"]?.string { inputs[index, default: ""] += more }
        }
        for (index, text) in inputs { blocks[index]["input"] = doorJSON(text) }
        return ["content": .array(blocks)]
    }

    /// Puts deltas together: texts and lists grow, calls by their index.
    private static func completion(_ values: [JSONValue]) -> JSONValue {
        var message: JSONValue = ["role": "assistant"]
        var calls: [JSONValue] = []
        for delta in values.compactMap({ $0["choices"]?.array?.first?["delta"] }) {
            for key in ["content", "reasoning_content"] {
                if let more = delta[key]?.string { message[key] = .string((message[key]?.string ?? "") + more) }
            }
            if let more = delta["reasoning_details"]?.array {
                message["reasoning_details"] = .array((message["reasoning_details"]?.array ?? []) + more)
            }
            for piece in delta["tool_calls"]?.array ?? [] {
                let index = piece["index"]?.integer ?? 0
                if index == calls.count { calls.append(["type": "function", "function": ["arguments": ""]]) }
                calls[index]["id"] = piece["id"] ?? calls[index]["id"]
                calls[index]["extra_content"] = piece["extra_content"] ?? calls[index]["extra_content"]
                var function = calls[index]["function"] ?? [:]
                function["name"] = piece["function"]?["name"] ?? function["name"]
                let more = piece["function"]?["arguments"]?.string ?? ""
                function["arguments"] = .string((function["arguments"]?.string ?? "") + more)
                calls[index]["function"] = function
            }
        }
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        return ["choices": [["message": message]]]
    }
}
