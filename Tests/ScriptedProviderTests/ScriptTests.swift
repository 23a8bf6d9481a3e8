import CherryCore
import Testing

@testable import ScriptedProvider

@Suite("Scripts")
struct ScriptTests {
    static func script(_ text: String) throws -> Script {
        try ScriptReader.script(from: JSONValue(parsing: text))
    }

    @Test("Everything that a script can say is read")
    func everything() throws {
        let script = try Self.script(
            """
            {"id": "s", "reasoning": "hm", "signature": "sig", "text": ["a", {"piece": "b", "times": 2},
              {"piece": "xy", "length": 6}],
             "calls": [{"id": "c1", "name": "f", "arguments": ["{", "}"]}, {"name": "g", "arguments": {"a": 1}}],
             "order": [1, 0], "usage": {"prompt": 9, "completion": 5, "cached": 2, "cacheWrite": 1, "reasoning": 3},
             "usageAt": "every", "finish": {"stopText": "##"}, "model": "m", "end": "noDone", "duplicate": "both",
             "write": 3, "pause": 4, "lineEnds": "crlf", "comments": true, "gzip": true, "contentType": "text/html",
             "atOnce": true, "faults": [{"do": "status", "status": 429, "retryAfter": "1", "times": 2},
              {"do": "reset", "at": 3}], "then": {"text": "done"}}
            """
        )
        #expect(script.id == "s")
        #expect(script.reasoning == ["hm"])
        #expect(script.signature == "sig")
        #expect(script.text == ["a", "b", "b", "xyxyxy"])
        #expect(
            script.calls == [
                .init(id: "c1", name: "f", arguments: ["{", "}"]),
                .init(id: "call_1", name: "g", arguments: [#"{"a":1}"#]),
            ]
        )
        #expect(script.order == [1, 0])
        #expect(script.usage == .init(prompt: 9, completion: 5, cached: 2, cacheWrite: 1, reasoning: 3))
        #expect(script.usageAt == .every)
        #expect(script.finish == .stopText("##"))
        #expect(script.model == "m")
        #expect(script.ending == .noDone)
        #expect(script.duplicate == .both)
        #expect(
            script.habits
                == .init(
                    write: 3,
                    pause: 4,
                    lineEnds: .crlf,
                    comments: true,
                    gzip: true,
                    contentType: "text/html",
                    atOnce: true
                )
        )
        #expect(
            script.faults == [
                .init(action: .status(429, retryAfter: "1", body: nil), place: .request, times: 2),
                .init(action: .reset, place: .pieces(3), times: nil),
            ]
        )
        #expect(script.after(rounds: 1).text == ["done"])
        #expect(script.after(rounds: 1).id == "s")
        #expect(script.after(rounds: 5) == script.after(rounds: 1))
    }

    @Test("A script of nothing says hello; with calls it says nothing else")
    func defaults() throws {
        #expect(try Self.script("{}") == Script())
        #expect(try Self.script("{}").reason == .stop)
        let call = try Self.script(#"{"calls": [{"name": "f"}]}"#)
        #expect(call.text.isEmpty)
        #expect(call.reason == .toolCalls)
        #expect(call.calls[0].arguments == ["{}"])
    }

    @Test(
        "What means nothing is refused by its name",
        arguments: [
            (#"{"txt": "a"}"#, "txt"), (#"{"write": 0}"#, "write"), (#"{"faults": [{"do": "explode"}]}"#, "do"),
            (#"{"usage": {"prompt": 1, "cached": 2}}"#, "usage"), (#"{"order": [0]}"#, "order"),
            (#"{"faults": [{"do": "hang", "at": -1}]}"#, "at"), (#"{"usageAt": "sometimes"}"#, "usageAt"),
            (#"{"calls": [{"id": "x"}]}"#, "name"), (#"{"text": [1]}"#, "text"), ("[]", "script"),
        ]
    )
    func refused(text: String, name: String) throws {
        let error = #expect(throws: ScriptError.self) { try Self.script(text) }
        #expect(error?.message.contains(name) == true)
    }

    @Test("Faults are used up one after another")
    func faults() throws {
        let script = try Self.script(
            """
            {"faults": [{"do": "status", "status": 429, "times": 2}, {"do": "none", "times": 1},
             {"do": "hang", "at": "head", "times": 1}]}
            """
        )
        let actions = (0..<6).map { script.fault(attempt: $0)?.action }
        let busy = Fault.Action.status(429, retryAfter: nil, body: nil)
        #expect(actions == [busy, busy, Fault.Action.none, .hang, nil, nil])
    }

    @Test("Fragments of calls come in the order that a script gives, the rest call by call")
    func order() throws {
        let outline = Outline(
            try Self.script(
                """
                {"text": "t", "calls": [{"name": "f", "arguments": ["a", "b"]}, {"name": "g", "arguments": ["c", "d"]}],
                 "order": [1, 0, 1, 1]}
                """
            )
        )
        #expect(outline.pieces.map(\.text) == ["t", "c", "a", "d", "b"])
        #expect(outline.pieces.map(\.block) == [0, 1, 2, 1, 2])
        #expect(outline.pieces.map(\.isFirst) == [true, true, true, false, false])
        #expect(outline.pieces.map(\.isLast) == [true, false, false, true, true])
        #expect(outline.calls.map(\.name) == ["g", "f"])
        #expect(outline.blocks.map(\.text) == ["t", "cd", "ab"])
    }
}

@Suite("Scripts in requests")
struct ScriptFinderTests {
    @Test(
        "A script is found in every API's form of a user's message",
        arguments: [
            #"{"messages": [{"role": "user", "content": "Hi SCRIPT:{\"id\": \"}\"} bye"}]}"#,
            #"{"messages": [{"role": "user", "content": [{"type": "text", "text": "SCRIPT: {\"id\": \"}\"}"}]}]}"#,
            #"{"contents": [{"role": "user", "parts": [{"text": "SCRIPT:{\"id\": \"}\"}"}]}]}"#,
            #"{"input": "SCRIPT:{\"id\": \"}\"}"}"#,
            #"{"input": [{"role": "user", "content": [{"type": "input_text", "text": "SCRIPT:{\"id\": \"}\"}"}]}]}"#,
            #"{"messages": [{"role": "user", "content": "SCRIPT:{\"id\": 1}"}, {"role": "user", "content": "SCRIPT:{\"id\": \"}\"}"}]}"#,
        ]
    )
    func found(body: String) throws {
        let found = ScriptFinder.find(in: try JSONValue(parsing: body))
        #expect(found == .init(text: #"{"id": "}"}"#, rounds: 0))
    }

    @Test("Rounds are turns of the assistant after the script, in every API's form")
    func rounds() throws {
        let bodies = [
            #"{"messages": [{"role": "user", "content": "SCRIPT:{}"}, {"role": "assistant"}, {"role": "tool"}]}"#,
            #"{"messages": [{"role": "user", "content": "SCRIPT:{}"}, {"role": "assistant"}, {"role": "user", "content": [{"type": "tool_result"}]}]}"#,
            #"{"contents": [{"role": "user", "parts": [{"text": "SCRIPT:{}"}]}, {"role": "model"}, {"role": "user", "parts": []}]}"#,
            #"{"input": [{"role": "user", "content": "SCRIPT:{}"}, {"type": "reasoning"}, {"type": "function_call"}, {"type": "function_call"}, {"type": "function_call_output"}]}"#,
        ]
        for body in bodies {
            #expect(ScriptFinder.find(in: try JSONValue(parsing: body)) == .init(text: "{}", rounds: 1), "\(body)")
        }
    }

    @Test(
        "Nothing is made up",
        arguments: [
            #"{"messages": [{"role": "system", "content": "SCRIPT:{}"}]}"#, #"{"messages": []}"#, "{}",
            #"{"messages": [{"role": "user", "content": "SCRIPT: none"}]}"#,
            #"{"messages": [{"role": "user", "content": "SCRIPT:{\"a\": "}]}"#,
            #"{"messages": [{"role": "user", "content": "SCRIP"}]}"#,
        ]
    )
    func notFound(body: String) throws {
        #expect(ScriptFinder.find(in: try JSONValue(parsing: body)) == nil)
    }
}
