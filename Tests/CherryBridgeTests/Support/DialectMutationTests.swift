import CherryCore
import Testing

@testable import CherryBridge

@Suite("Dialects against damaged answers")
struct DialectMutationTests {
    private static let streams: [(DialectPlay, [UInt8])] = [
        (
            DialectPlay(dialect: AnthropicDialect(), contentType: "text/event-stream"),
            Array(
                serverSentEvents([
                    #"{"type":"message_start","message":{"id":"a","model":"b","usage":{"input_tokens":3}}}"#,
                    #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"#,
                    #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#,
                    #"{"type":"content_block_stop","index":0}"#,
                    #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}"#,
                    #"{"type":"message_stop"}"#,
                ]).utf8
            )
        ),
        (
            DialectPlay(dialect: GeminiDialect(), contentType: "text/event-stream"),
            Array(
                serverSentEvents([
                    #"{"candidates":[{"content":{"parts":[{"text":"a","thought":true},{"functionCall":{"name":"f","args":{}}}]}}]}"#,
                    #"{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3}}"#,
                ]).utf8
            )
        ),
        (
            DialectPlay(dialect: OllamaDialect(), contentType: "application/x-ndjson"),
            Array(
                (#"{"message":{"content":"a","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done":false}"#
                    + "\n" + #"{"done":true,"done_reason":"stop","eval_count":9}"# + "\n").utf8
            )
        ),
        (
            DialectPlay(dialect: BedrockDialect(), contentType: "application/vnd.amazon.eventstream"),
            [
                EventStreamMessage.event("messageStart", #"{"role":"assistant"}"#),
                .event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"a"}}"#),
                .event("messageStop", #"{"stopReason":"end_turn"}"#),
            ].flatMap(\.bytes)
        ),
        (
            DialectPlay(dialect: BedrockDialect(), contentType: "application/json"),
            Array(
                #"{"output":{"message":{"content":[{"text":"a"},{"toolUse":{"toolUseId":"t","name":"f","input":{}}}]}},"stopReason":"end_turn","usage":{"inputTokens":1}}"#
                    .utf8
            )
        ),
    ]

    @Test("Whatever is changed, lost, doubled or put in, an answer ends in its reason or in an error", arguments: 0..<5)
    func mutations(stream: Int) {
        let (play, bytes) = Self.streams[stream]
        #expect(play.read([bytes]).error == nil)
        var numbers = SplitMix64(seed: UInt64(stream))
        for round in 0..<1_500 {
            var damaged = bytes
            for _ in 0...Int.random(in: 0..<3, using: &numbers) where !damaged.isEmpty {
                let place = Int.random(in: damaged.indices, using: &numbers)
                let end = min(place + Int.random(in: 1..<40, using: &numbers), damaged.count)
                switch Int.random(in: 0..<5, using: &numbers) {
                case 0: damaged[place] = UInt8.random(in: 0...255, using: &numbers)
                case 1: damaged.removeSubrange(place..<end)
                case 2: damaged.insert(contentsOf: damaged[place..<end], at: place)
                case 3: damaged.insert(UInt8(ascii: "9"), at: place)
                default: damaged[place] = Array(#"{}[]",:0-"#.utf8).randomElement(using: &numbers) ?? 0
                }
            }
            let cut = damaged.isEmpty ? 0 : Int.random(in: damaged.indices, using: &numbers)
            let outcome = play.read([Array(damaged[..<cut]), Array(damaged[cut...])])
            let isEnded = if case .finished = outcome.events.last { true } else { false }
            #expect(isEnded == (outcome.error == nil), "round \(round)")
        }
    }
}
