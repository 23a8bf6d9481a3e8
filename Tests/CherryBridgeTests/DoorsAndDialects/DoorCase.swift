import CherryBridge
import CherryCore
import Testing

/// A door, and one conversation as its API has it.
struct DoorCase: Sendable, CustomTestStringConvertible {
    let door: any BridgeDoor
    let body: String

    var testDescription: String { self.door.api.rawValue }

    static let all = [
        DoorCase(
            door: OpenAIChatDoor(),
            body: #"""
                {"model":"fast","stream":true,"temperature":0.5,"max_tokens":100,"tool_choice":"auto","messages":[
                  {"role":"system","content":"Be brief."},
                  {"role":"user","content":[{"type":"text","text":"Look 🍒"},
                    {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
                  {"role":"assistant","content":"I look.","tool_calls":[
                    {"id":"call_a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},
                    {"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}]},
                  {"role":"tool","tool_call_id":"call_a","content":"one"},
                  {"role":"tool","tool_call_id":"call_b","content":"two"},
                  {"role":"user","content":"Go on"}],
                 "tools":[{"type":"function","function":{"name":"f","description":"does","parameters":{"type":"object"}}},
                          {"type":"function","function":{"name":"g","parameters":{"type":"object"}}}]}
                """#
        ),
        DoorCase(
            door: AnthropicDoor(),
            body: #"""
                {"model":"fast","stream":true,"temperature":0.5,"max_tokens":100,"tool_choice":{"type":"auto"},
                 "system":"Be brief.","messages":[
                  {"role":"user","content":[{"type":"text","text":"Look 🍒"},
                    {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
                  {"role":"assistant","content":[{"type":"text","text":"I look."},
                    {"type":"tool_use","id":"call_a","name":"f","input":{"x":1}},
                    {"type":"tool_use","id":"call_b","name":"g","input":{}}]},
                  {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_a","content":"one"},
                    {"type":"tool_result","tool_use_id":"call_b","content":"two"},{"type":"text","text":"Go on"}]}],
                 "tools":[{"name":"f","description":"does","input_schema":{"type":"object"}},
                          {"name":"g","input_schema":{"type":"object"}}]}
                """#
        ),
        DoorCase(
            door: OpenAIResponsesDoor(),
            body: #"""
                {"model":"fast","stream":true,"temperature":0.5,"max_output_tokens":100,"tool_choice":"auto",
                 "instructions":"Be brief.","input":[
                  {"role":"user","content":[{"type":"input_text","text":"Look 🍒"},
                    {"type":"input_image","image_url":"data:image/png;base64,AAAA"}]},
                  {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look."}]},
                  {"type":"function_call","call_id":"call_a","name":"f","arguments":"{\"x\":1}"},
                  {"type":"function_call","call_id":"call_b","name":"g","arguments":"{}"},
                  {"type":"function_call_output","call_id":"call_a","output":"one"},
                  {"type":"function_call_output","call_id":"call_b","output":"two"},
                  {"role":"user","content":"Go on"}],
                 "tools":[{"type":"function","name":"f","description":"does","parameters":{"type":"object"}},
                          {"type":"function","name":"g","parameters":{"type":"object"}}]}
                """#
        ),
    ]

    /// What each `body` says.
    static let request: ChatRequest = {
        var request = ChatRequest(
            model: "fast",
            messages: [
                ChatMessage(.system, "Be brief."),
                ChatMessage(
                    .user,
                    parts: [.text("Look 🍒"), .image(Media(type: "image/png", source: .base64("AAAA")))]
                ),
                ChatMessage(
                    .assistant,
                    parts: [
                        .text("I look."), .toolCall(ToolCall(id: "call_a", name: "f", arguments: "{\"x\":1}")),
                        .toolCall(ToolCall(id: "call_b", name: "g", arguments: "{}")),
                    ]
                ),
                ChatMessage(
                    .tool,
                    parts: [
                        .toolResult(ToolResult(callID: "call_a", name: "f", parts: [.text("one")])),
                        .toolResult(ToolResult(callID: "call_b", name: "g", parts: [.text("two")])),
                    ]
                ), ChatMessage(.user, "Go on"),
            ],
            temperature: 0.5,
            maxTokens: 100
        )
        request.toolChoice = .auto
        request.tools = [
            ToolDefinition(name: "f", description: "does", parameters: ["type": "object"]),
            ToolDefinition(name: "g", parameters: ["type": "object"]),
        ]
        return request
    }()

    /// Words of it that no provider may miss.
    static let words = ["fast", "Be brief.", "Look 🍒", "AAAA", "I look.", "one", "two", "Go on", "does", "0.5", "100"]
}
