import CherryCore
import Testing

@testable import CherryBridge

@Suite("Requests for the semantic cache")
struct SemanticRequestTests {
    private static func request(_ text: String, of api: WireAPI = .openAIChat) throws -> SemanticRequest? {
        SemanticRequest(try JSONValue(parsing: text), of: api, length: text.utf8.count)
    }

    @Test(
        "The last text of the user's is taken out, whatever the API",
        arguments: [
            (WireAPI.openAIChat, #"{"model":"m","messages":[{"role":"user","content":"Q"}]}"#),
            (
                .openAIChat,
                #"{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"A"},{"type":"text","text":"Q"}]}]}"#
            ),
            (
                .openAIChat,
                #"{"model":"m","tools":[],"messages":[{"role":"assistant","content":"x","tool_calls":null},{"role":"user","content":"Q"}]}"#
            ),
            (.openAIResponses, #"{"model":"m","input":"Q"}"#),
            (
                .openAIResponses,
                #"{"model":"m","instructions":"S","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Q"}]}]}"#
            ),
            (
                .anthropicMessages,
                #"{"model":"m","max_tokens":9,"system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"Q"}]}"#
            ),
        ]
    )
    func text(api: WireAPI, body: String) throws {
        let request = try #require(try Self.request(body, of: api))
        #expect(request.text == "Q")
        let other = try #require(try Self.request(body.replacing(#""Q""#, with: #""Other""#), of: api))
        #expect(other.text == "Other")
        #expect(other.rest == request.rest, "nothing of the text is left in the rest")
    }

    @Test("The order of members and white space do not matter; everything else does")
    func rest() throws {
        let one =
            #"{"model":"m","temperature":0.5,"messages":[{"role":"system","content":"S"},{"role":"user","content":"A"},{"role":"assistant","content":"B"},{"role":"user","content":"Q"}]}"#
        let same =
            #"{ "messages":[{"content":"S","role":"system"},{"content":"A","role":"user"},{"role":"assistant","content":"B"},{"content":"Q","role":"user"}], "temperature": 0.5,"model":"m"}"#
        let rest = try #require(try Self.request(one)).rest
        #expect(try Self.request(same)?.rest == rest)
        for (old, new) in [
            (#""S""#, #""s""#), (#""A""#, #""A ""#), (#""B""#, #""C""#), ("0.5", "0.6"), (#""m""#, #""n""#),
            (#""temperature""#, #""top_p""#), (#""system""#, #""developer""#),
            (#""model":"m","#, #""model":"m","stream":true,"#), (#""model":"m","#, #""model":"m","user":"u","#),
            (#""model":"m","#, #""model":"m","response_format":{"type":"json_object"},"#),
        ] {
            let changed = try #require(try Self.request(one.replacing(old, with: new, maxReplacements: 1)))
            #expect(changed.rest != rest, "\(old) \(new)")
        }
    }

    @Test(
        "A request that may depend on more than its words is none of the cache's",
        arguments: [
            (
                WireAPI.openAIChat,
                #"{"messages":[{"role":"user","content":"Q"}],"tools":[{"type":"function","function":{"name":"f"}}]}"#
            ),
            (.openAIChat, #"{"messages":[{"role":"user","content":"Q"}],"web_search_options":{}}"#),
            (.openAIChat, #"{"messages":[{"role":"user","content":"Q"}],"logprobs":true}"#),
            (
                .openAIChat,
                #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:"}},{"type":"text","text":"Q"}]}]}"#
            ),
            (
                .openAIChat,
                #"{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]},{"role":"user","content":"Q"}]}"#
            ),
            (
                .openAIChat,
                #"{"messages":[{"role":"assistant","content":"x","tool_calls":[{"id":"c"}]},{"role":"user","content":"Q"}]}"#
            ),
            (
                .openAIChat,
                #"{"messages":[{"role":"tool","tool_call_id":"c","content":"x"},{"role":"user","content":"Q"}]}"#
            ),
            (
                .openAIChat,
                #"{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"Begin"}]}"#
            ),
            (.openAIChat, #"{"messages":[]}"#),
            (.openAIChat, #"{"messages":[{"role":"user","content":" \n"}]}"#),
            (.openAIResponses, #"{"input":"Q","previous_response_id":"r"}"#),
            (.openAIResponses, #"{"input":"Q","conversation":"c"}"#),
            (
                .openAIResponses,
                #"{"input":[{"type":"function_call_output","call_id":"c","output":"x"},{"role":"user","content":"Q"}]}"#
            ),
            (
                .anthropicMessages,
                #"{"messages":[{"role":"user","content":[{"type":"document","source":{}},{"type":"text","text":"Q"}]}]}"#
            ),
            (.anthropicMessages, #"{"mcp_servers":[{"url":"x"}],"messages":[{"role":"user","content":"Q"}]}"#),
            (.gemini, #"{"messages":[{"role":"user","content":"Q"}]}"#),
        ]
    )
    func outside(api: WireAPI, body: String) throws {
        #expect(try Self.request(body, of: api) == nil)
    }

    @Test("A question or a request that is too long is not compared")
    func long() throws {
        func body(_ text: String, system: String = "S") -> String {
            #"{"messages":[{"role":"system","content":"\#(system)"},{"role":"user","content":"\#(text)"}]}"#
        }
        let longest = String(repeating: "a", count: SemanticRequest.longestText)
        #expect(try Self.request(body(longest)) != nil)
        #expect(try Self.request(body(longest + "a")) == nil)
        let system = String(repeating: "s", count: SemanticRequest.longestBody)
        #expect(try Self.request(body("Q", system: system)) == nil)
    }
}
