import CherryCore
import CherryNet
import Testing

@testable import CherryBridge

@Suite("Every door with every dialect")
struct DoorsAndDialectsTests {
    // MARK: Requests

    @Test("Every door reads the same from the same conversation", arguments: DoorCase.all)
    func reading(door: DoorCase) throws {
        #expect(try door.door.request(door.body) == DoorCase.request)
    }

    @Test("Whatever comes in at a door reaches every provider whole", arguments: DoorCase.all, DialectCase.all)
    func requests(door: DoorCase, dialect: DialectCase) throws {
        let sent = try dialect.dialect.chatRequest(try door.door.request(door.body), to: dialect.endpoint)
        let body = try JSONValue(parsing: sent.body ?? [])
        let text = sent.url + " " + body.text
        for word in DoorCase.words { #expect(text.contains(word), "\(word)") }
        // Both calls, in order, each with its result.
        let (first, second) = (text.ranges(of: "\"f\""), text.ranges(of: "\"g\""))
        #expect(!first.isEmpty && !second.isEmpty)
    }

    @Test("What a dialect writes, the door of the same API reads as the same request", arguments: DialectCase.all)
    func backAgain(dialect: DialectCase) throws {
        for door in DoorCase.all where door.door.api == dialect.dialect.api {
            var request = dialect.settings
            for messages in [DoorCase.request.messages, request.messages] where !messages.isEmpty {
                request.messages = messages
                let sent = try dialect.dialect.chatRequest(request, to: dialect.endpoint)
                #expect(try door.door.request(from: JSONValue(parsing: sent.body ?? [])) == request)
            }
        }
    }

    // MARK: Answers

    private func read(
        _ bytes: [UInt8],
        _ dialect: any ProviderDialect,
        _ contentType: String,
        cutEvery size: Int
    ) throws -> [ChatEvent] {
        let request = ChatRequest(model: "m", messages: [])
        var framer = try #require(dialect.framer(contentType: contentType, isStreamed: true))
        var translator = dialect.translator(for: request, errors: ProviderErrors(key: nil))
        var events: [ChatEvent] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            for event in try framer.feed(Array(bytes[start..<min(start + size, bytes.count)])) {
                events += try translator.receive(event)
            }
        }
        for event in try framer.finish() { events += try translator.receive(event) }
        return try events + translator.finish()
    }

    /// The answer that events make, without the provider's own name for it.
    private func put(_ events: [ChatEvent]) -> Put {
        var assembly = AnswerAssembly()
        for event in events { assembly.receive(event) }
        return Put(pieces: assembly.pieces, usage: assembly.usage, reason: assembly.reason)
    }

    private struct Put: Equatable {
        let pieces: [AnswerAssembly.Piece]
        let usage: TokenUsage?
        let reason: FinishReason?
    }

    private func written(_ events: [ChatEvent], by door: any BridgeDoor) throws -> [UInt8] {
        var encoder = door.encoder(for: try door.plainRequest(isStreamed: true), as: doorExchange)
        return events.flatMap { encoder.receive($0) } + encoder.finish()
    }

    @Test(
        "Every provider's answer is the same at every door, streamed and whole",
        arguments: DoorCase.all,
        DialectCase.all
    )
    func answers(door: DoorCase, dialect: DialectCase) throws {
        let given = try self.read(dialect.answer, dialect.dialect, dialect.contentType, cutEvery: 7)
        #expect(self.put(given) == self.put(dialect.said))
        #expect(given.first == dialect.said.first)
        for reader in DialectCase.all where reader.dialect.api == door.door.api {
            let stream = try self.read(
                try self.written(given, by: door.door),
                reader.dialect,
                "text/event-stream",
                cutEvery: 5
            )
            #expect(self.put(stream) == self.put(given))
            let whole = try door.door.whole(given).bytes
            #expect(self.put(try self.read(whole, reader.dialect, "application/json", cutEvery: 11)) == self.put(given))
        }
    }

    static let tokens = [
        TokenProbability(
            chosen: .init(token: "é", logProbability: -0.25, bytes: [0xC3, 0xA9]),
            top: [
                .init(token: "é", logProbability: -0.25, bytes: [0xC3, 0xA9]), .init(token: "e", logProbability: -2),
            ]
        )
    ]

    /// Answers in the order in which every API tells them, so that each event comes back by itself.
    static let sequences: [[ChatEvent]] = [
        [.finished(.stop)], [.text("a"), .finished(.length)], [.text("a"), .text("\"🍒\n"), .finished(.filtered)],
        [.reasoning("h"), .reasoning("m"), .text("a"), .finished(.other("odd"))],
        [
            .text("a"), .toolCall(index: 0, id: "c0", name: "f"), .toolArguments(index: 0, "{\"x\":"),
            .toolArguments(index: 0, "\"}\"}"), .toolCall(index: 1, id: "c1", name: "g"),
            .toolArguments(index: 1, "{}"), .finished(.toolCalls),
        ],
        [.toolCall(index: 0, id: "c0", name: "f"), .toolArguments(index: 0, "{}"), .finished(.toolCalls)],
    ]

    @Test(
        "What a door writes, the dialect of the same API reads as the same events",
        arguments: DoorCase.all,
        [1, 3, 4096]
    )
    func events(door: DoorCase, size: Int) throws {
        let usage = ChatEvent.usage(TokenUsage(prompt: 9, completion: 4, cachedPrompt: 3, cacheWrite: 2, reasoning: 1))
        for reader in DialectCase.all where reader.dialect.api == door.door.api {
            for sequence in Self.sequences {
                let events = sequence.dropLast() + [usage] + sequence.suffix(1)
                let bytes = try self.written(Array(events), by: door.door)
                let back = try self.read(bytes, reader.dialect, "text/event-stream", cutEvery: size)
                guard case .started(let id, let model) = back.first else {
                    Issue.record("no beginning")
                    continue
                }
                #expect(id?.hasSuffix("_x1") == true || id == "chatcmpl-x1")
                #expect(model == "fast")
                #expect(Array(back.dropFirst()) == Array(events))
            }
        }
    }

    @Test("Probabilities go with their text where the API has them", arguments: [WireAPI.openAIChat, .openAIResponses])
    func probabilities(api: WireAPI) throws {
        let events: [ChatEvent] = [
            .text("é"), .logProbabilities(Self.tokens), .text("x"), .usage(TokenUsage(prompt: 1, completion: 1)),
            .finished(.stop),
        ]
        let door = try #require(DoorCase.all.first { $0.door.api == api })
        let reader = try #require(DialectCase.all.first { $0.dialect.api == api })
        let bytes = try self.written(events, by: door.door)
        let back = try self.read(bytes, reader.dialect, "text/event-stream", cutEvery: 9)
        #expect(Array(back.dropFirst()) == events)
        let whole = try self.read(try door.door.whole(events).bytes, reader.dialect, "application/json", cutEvery: 64)
        #expect(self.put(whole) == self.put(events))
    }

    @Test("A stream that failed is read as a failure of the same kind", arguments: DoorCase.all)
    func failures(door: DoorCase) throws {
        for code in [BridgeError.Code.rateLimited, .overloaded] {
            for reader in DialectCase.all where reader.dialect.api == door.door.api {
                var encoder = door.door.encoder(for: try door.door.plainRequest(isStreamed: true), as: doorExchange)
                let bytes = encoder.receive(.text("half")) + encoder.fail(BridgeError(code, message: "m"))
                let error = try #require(throws: BridgeError.self) {
                    try self.read(bytes, reader.dialect, "text/event-stream", cutEvery: 3)
                }
                #expect(error.code == code)
            }
        }
    }
}
