import CherryBridge
import CherryCore

/// A request with every field set, and conversations with everything in them.
enum FullRequest {
    static let schema: JSONValue = ["type": "object", "properties": ["x": ["type": "integer"]]]

    /// Every setting but those that not every API has: `topK`, and, without `all`, what the Responses API lacks.
    static func settings(_ all: Bool = true) -> ChatRequest {
        var request = ChatRequest(
            model: "m",
            messages: [ChatMessage(.user, "Hi")],
            temperature: 0.5,
            maxTokens: 100,
            stop: all ? ["a", "b"] : []
        )
        request.tools = [
            ToolDefinition(name: "f", description: "d", parameters: Self.schema, isStrict: true),
            ToolDefinition(name: "g"),
        ]
        request.toolChoice = .tool("f")
        request.allowsParallelCalls = false
        request.format = .schema(name: "n", schema: Self.schema, isStrict: true, description: "e")
        request.topP = 0.9
        request.seed = all ? 7 : nil
        request.frequencyPenalty = all ? 0.1 : nil
        request.presencePenalty = all ? -0.2 : nil
        request.topLogProbabilities = 3
        request.reasoning = .low
        return request
    }

    /// Text, an image, a file, reasoning, two calls at once and their results.
    static let conversation: [ChatMessage] = [
        ChatMessage(.system, "Be brief."),
        ChatMessage(
            .user,
            parts: [
                .text("Look"), .image(Media(type: "image/png", source: .base64("AAAA"), detail: "low")),
                .image(Media(type: nil, source: .url("https://example.com/a.png"))),
                .file(Media(type: "application/pdf", source: .base64("BBBB"), name: "a.pdf")),
            ]
        ),
        ChatMessage(
            .assistant,
            parts: [
                .reasoning(Reasoning(text: "hm")), .text("I look."),
                .toolCall(ToolCall(id: "call_a", name: "f", arguments: "{\"x\": 1}")),
                .toolCall(ToolCall(id: "call_b", name: "g", arguments: "{}")),
            ]
        ),
        ChatMessage(
            .tool,
            parts: [
                .toolResult(ToolResult(callID: "call_a", name: "f", parts: [.text("one")])),
                .toolResult(ToolResult(callID: "call_b", name: "g", parts: [.text("two"), .text("three")])),
            ]
        ),
        ChatMessage(.user, "Go on"),
    ]
}
