import CherryCore
import Foundation

@testable import CherryBridge

/// An answer comes from a provider and goes out through every door.
func fuzzAnswer(_ dialect: any ProviderDialect, _ input: inout FuzzInput) {
    let types = ["text/event-stream", "application/json", "application/x-ndjson", "application/vnd.amazon.eventstream"]
    let type = types[input.choice(of: types.count)]
    let seed = input.byte()
    let isStreamed = seed % 2 == 0
    var bytes = input.bytes
    if type == types[3], seed % 4 < 2 { bytes = eventStream(bytes) }
    var cuts = Cuts(seed: seed)
    let whole = answer(of: dialect, type, isStreamed, [bytes])
    let cut = answer(of: dialect, type, isStreamed, cuts.pieces(of: bytes))
    guard let whole, let cut else { return }
    // Bytes after the end may be looked at or not, so a refusal of them is no difference.
    if !whole.isRefused, !cut.isRefused { expect(whole == cut, "an answer of \(dialect.name) depends on the pieces") }
    for door in fuzzedDoors {
        for isStreamed in [true, false] { fuzzEncoder(door, whole.events, isStreamed, isWhole: !whole.isRefused) }
    }
}

private struct FuzzedAnswer: Equatable {
    var events: [ChatEvent]
    var isRefused = false
}

/// Reads an answer as `HTTPAnswer` does; `nil` for a type that is none of the API.
private func answer(
    of dialect: any ProviderDialect,
    _ type: String,
    _ isStreamed: Bool,
    _ pieces: [[UInt8]]
) -> FuzzedAnswer? {
    guard var framer = dialect.framer(contentType: type, isStreamed: isStreamed) else { return nil }
    let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "Hi")], isStreamed: isStreamed)
    var translator = dialect.translator(for: request, errors: ProviderErrors(key: Secret("k")))
    var answer = FuzzedAnswer(events: [])
    let end: Void? = refusing {
        for piece in pieces where !translator.isDone {
            for event in try framer.feed(piece) { answer.events += try translator.receive(event) }
        }
        if !translator.isDone {
            for event in try framer.finish() { answer.events += try translator.receive(event) }
        }
        answer.events += try translator.finish()
    }
    answer.isRefused = end == nil
    let ends = answer.events.indices.filter { if case .finished = answer.events[$0] { true } else { false } }
    expect(ends == (end == nil ? [] : [answer.events.count - 1]), "\(dialect.name) does not end once, at the end")
    expect(isInOrder(answer.events), "\(dialect.name) tells of calls out of order")
    return answer
}

/// Whether calls count from 0, pieces of arguments belong to a call, and the beginning and the usage come once.
private func isInOrder(_ events: [ChatEvent]) -> Bool {
    var (calls, usages) = (0, 0)
    for (place, event) in events.enumerated() {
        switch event {
        case .started: if place > 0 { return false }
        case .toolCall(let index, _, _):
            if index != calls { return false }
            calls += 1
        case .toolArguments(let index, _), .toolCallProof(let index, _):
            if !(0..<calls).contains(index) { return false }
        case .usage: usages += 1
        default: break
        }
    }
    return usages <= 1
}

/// Events that a provider might tell of, and what the doors make of them.
func fuzzEvents(_ input: inout FuzzInput) {
    let isStreamed = input.choice(of: 2) == 0
    var events: [ChatEvent] = []
    var calls = 0
    while let line = input.line(), let kind = line.first {
        let text = String(decoding: line.dropFirst(), as: UTF8.self)
        let place = calls > 0 ? text.utf8.count % calls : 0
        switch kind {
        case UInt8(ascii: "t"): events.append(.text(text))
        case UInt8(ascii: "r"): events.append(.reasoning(text))
        case UInt8(ascii: "s"): events.append(.reasoningProof(Reasoning(text: "", signature: text)))
        case UInt8(ascii: "e"): events.append(.reasoningProof(Reasoning(text: "", encrypted: text, id: "i")))
        case UInt8(ascii: "c"):
            events.append(.toolCall(index: calls, id: "c\(calls)", name: text))
            calls += 1
        case UInt8(ascii: "a") where calls > 0: events.append(.toolArguments(index: place, text))
        case UInt8(ascii: "p") where calls > 0: events.append(.toolCallProof(index: place, signature: text))
        case UInt8(ascii: "l"):
            let chosen = TokenProbability.Alternative(token: text, logProbability: -0.5, bytes: Array(text.utf8))
            events.append(.logProbabilities([TokenProbability(chosen: chosen, top: [chosen])]))
        case UInt8(ascii: "u") where !events.contains { if case .usage = $0 { true } else { false } }:
            events.append(.usage(TokenUsage(prompt: text.utf8.count, completion: Int.max, reasoning: 3)))
        default: break
        }
    }
    for door in fuzzedDoors {
        fuzzEncoder(door, events + [.finished(.stopText("x"))], isStreamed, isWhole: true)
        fuzzEncoder(door, events, isStreamed, isWhole: false)
    }
}

/// What a door writes of an answer must be events with JSON in them, and a whole answer that reads as it was written.
func fuzzEncoder(_ door: any BridgeDoor, _ events: [ChatEvent], _ isStreamed: Bool, isWhole: Bool) {
    let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "Hi")], isStreamed: isStreamed)
    let exchange = DoorExchange(id: "x", created: Date(timeIntervalSince1970: 1_700_000_000), model: "fast")
    var encoder = door.encoder(for: request, as: exchange)
    var bytes: [UInt8] = []
    for event in events { bytes += encoder.receive(event) }
    bytes += isWhole ? encoder.finish() : encoder.fail(BridgeError(.cutOff, message: "It broke off."))
    if isStreamed {
        var parser = ServerSentEventParser()
        let written = refusing { try parser.feed(bytes) } ?? []
        for event in written where event.data != "[DONE]" { _ = readBack(event.data.utf8, "an event of \(door.api)") }
        let said = events.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
        expect(text(of: written, door.api) == said, "\(door.api) loses or doubles text")
    } else {
        expect(bytes.isEmpty, "\(door.api) streams what is not streamed")
        let answer = encoder.whole()
        expect(readBack(answer.bytes, "an answer of \(door.api)").bytes == answer.bytes, "an answer changes")
    }
}

/// The text that a tool puts together from a stream.
private func text(of events: [StreamedEvent], _ api: WireAPI) -> String {
    events.compactMap { event -> String? in
        guard event.data != "[DONE]" else { return nil }
        let value = readBack(event.data.utf8, "an event of \(api)")
        switch api {
        case .openAIChat: return value["choices"]?.array?.first?["delta"]?["content"]?.string
        case .anthropicMessages:
            return value["delta"]?["type"] == "text_delta" ? value["delta"]?["text"]?.string : nil
        default: return value["type"] == "response.output_text.delta" ? value["delta"]?.string : nil
        }
    }.joined()
}

/// Messages of an AWS event stream with a right length and checksum, one a line: the event's name, a space, its data.
private func eventStream(_ bytes: [UInt8]) -> [UInt8] {
    bytes.split(separator: 0x0A).flatMap { line -> [UInt8] in
        let name = line.prefix { $0 != 0x20 }.prefix(200)
        return AWSMessage.event(name, line.dropFirst(name.count + 1)).bytes
    }
}
