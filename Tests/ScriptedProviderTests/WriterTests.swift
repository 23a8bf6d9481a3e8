import CherryCore
import Testing

@testable import ScriptedProvider

/// What every writer is held to: streamed or whole, an answer says what its script says.
@Suite("Answers of every API")
struct WriterTests {
    static let rich = """
        {"id": "s", "reasoning": ["th", "ink"], "text": ["Grüß", " 🍒"], "signature": "sig",
         "calls": [{"id": "c1", "name": "f", "arguments": ["{\\"a\\":", "1}"]}, {"id": "c2", "name": "g", "arguments": {}}],
         "usage": {"prompt": 20, "completion": 9, "cached": 5, "cacheWrite": 2, "reasoning": 4}}
        """

    static func question(_ api: ProviderAPI, isStreamed: Bool = true, wantsUsage: Bool = true) -> Question {
        Question(api: api, model: "m", isStreamed: isStreamed, wantsUsage: wantsUsage)
    }

    static func events(_ api: ProviderAPI, _ script: String) throws -> [AnswerEvent] {
        api.writer.events(try ScriptTests.script(script), to: self.question(api))
    }

    /// Names and JSON of events, a line each.
    static func lines(_ events: [AnswerEvent]) -> [String] {
        events.map { ($0.name.isEmpty ? "" : $0.name + " ") + String(decoding: $0.data, as: UTF8.self) }
    }

    /// Every text under `key`, however deep, in order.
    static func texts(_ key: String, in value: JSONValue) -> [String] {
        if let list = value.array { return list.flatMap { self.texts(key, in: $0) } }
        return (value.object ?? [:]).flatMap { member -> [String] in
            if member.key == key, let text = member.value.string { return [text] }
            return self.texts(key, in: member.value)
        }
    }

    /// The member under which each API has its text, within a stream.
    static let textKeys: [ProviderAPI: String] = [
        .openAI: "content", .azure: "content", .mistral: "content", .anthropic: "text", .gemini: "text",
        .ollama: "content", .bedrock: "text", .responses: "delta",
    ]

    @Test("The pieces of a stream, put together, are the script's text", arguments: ProviderAPI.allCases)
    func text(api: ProviderAPI) throws {
        let key = try #require(Self.textKeys[api])
        let events = try Self.events(api, #"{"text": ["Grüß", " ", "🍒\n", "\"x\""]}"#)
        let pieces = events.filter(\.completesPiece)
        #expect(pieces.count == 4)
        let texts = try pieces.map { try JSONValue(parsing: $0.data) }.flatMap { Self.texts(key, in: $0) }
        #expect(texts.joined() == "Grüß 🍒\n\"x\"")
    }

    @Test("A stream begins, says its reason at the end, and only then that it is done", arguments: ProviderAPI.allCases)
    func parts(api: ProviderAPI) throws {
        let parts = try Self.events(api, Self.rich).map(\.part)
        let ending = try #require(parts.firstIndex(of: .ending))
        #expect(parts[..<ending].allSatisfy { $0 == .opening || $0 == .content })
        #expect(parts[ending...].allSatisfy { $0 == .ending || $0 == .terminator })
        if let content = parts.firstIndex(of: .content) {
            #expect(parts[content...].allSatisfy { $0 != .opening })
        }
    }

    @Test("Usage comes where a script wants it, and never when it does not", arguments: ProviderAPI.allCases)
    func usagePlaces(api: ProviderAPI) throws {
        /// Numbers that only the script's usage has.
        func told(_ place: String) throws -> [Int] {
            let usage = #""usage": {"prompt": 7001, "completion": 7002}"#
            let lines = Self.lines(try Self.events(api, #"{"text": ["a", "b"], \#(usage), "usageAt": "\#(place)"}"#))
            return lines.indices.filter { lines[$0].contains("7002") || lines[$0].contains("14003") }
        }
        let count = try Self.events(api, #"{"text": ["a", "b"]}"#).count
        #expect(try told("never").isEmpty)
        #expect(try told("last").min() ?? 0 >= count / 2)
        #expect(try !told("last").isEmpty)
        #expect(try told("first").max() ?? count <= count / 2)
        #expect(try told("every").count >= 1)
    }

    @Test("OpenAI tells usage within a stream only when it is asked", arguments: [ProviderAPI.openAI, .azure])
    func unaskedUsage(api: ProviderAPI) throws {
        let events = api.writer.events(Script(), to: Self.question(api, wantsUsage: false))
        #expect(Self.lines(events).allSatisfy { !$0.contains("usage") })
    }

    @Test("A refusal is in each API's own form", arguments: ProviderAPI.allCases)
    func refusals(api: ProviderAPI) {
        let refusal = api.writer.refusal(429, "slow down")
        let types = refusal.headers.map(\.1) + [refusal.body.text]
        #expect(Self.texts("message", in: refusal.body) == ["slow down"] || refusal.body == ["error": "slow down"])
        let names: [ProviderAPI: String] = [
            .openAI: "rate_limit_error", .responses: "rate_limit_error", .anthropic: "rate_limit_error",
            .gemini: "RESOURCE_EXHAUSTED", .bedrock: "ThrottlingException", .mistral: "rate_limited", .azure: "429",
            .ollama: "slow down",
        ]
        #expect(types.contains { $0.contains(names[api] ?? "?") })
    }

    @Test("Every reason has its name in each API", arguments: ProviderAPI.allCases)
    func reasons(api: ProviderAPI) throws {
        let names: [ProviderAPI: [String]] = [
            .openAI: ["stop", "length", "content_filter"], .azure: ["stop", "length", "content_filter"],
            .mistral: ["stop", "length", "content_filter"], .anthropic: ["end_turn", "max_tokens", "refusal"],
            .gemini: ["STOP", "MAX_TOKENS", "SAFETY"], .ollama: ["stop", "length", "stop"],
            .bedrock: ["end_turn", "max_tokens", "content_filtered"],
            .responses: ["completed", "max_output_tokens", "content_filter"],
        ]
        for (reason, name) in zip(["stop", "length", "filtered"], names[api] ?? []) {
            let ending = try Self.events(api, #"{"finish": "\#(reason)"}"#).first { $0.part == .ending }
            let text = String(decoding: ending?.data ?? [], as: UTF8.self)
            #expect(text.contains("\"\(name)\""), "\(reason)")
        }
    }

    @Test("Calls come whole where the API has them whole", arguments: [ProviderAPI.gemini, .ollama, .mistral])
    func wholeCalls(api: ProviderAPI) throws {
        let lines = Self.lines(try Self.events(api, Self.rich)).filter { $0.contains("\"name\"") }
        #expect(lines.count == 2)
        #expect(lines[0].contains(#""f""#) && lines[1].contains(#""g""#))
        #expect(lines[0].contains(#"{"a":1}"#) || lines[0].contains(#"{\"a\":1}"#))
        let interleaved = #"{"calls": [{"name": "f", "arguments": ["{", "}"]}, {"name": "g"}], "order": [0, 1, 0]}"#
        let order = Self.lines(try Self.events(api, interleaved)).filter { $0.contains("\"name\"") }
        #expect(order.map { $0.contains("\"f\"") } == [true, false], "calls come in order of their beginning")
    }
}
