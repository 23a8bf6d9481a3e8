import Foundation

/// Turns the events of a Chat Completions stream into the product's, without a clock or a socket.
///
/// Tolerant of what servers do differently: usage first, last, in the final chunk or never; no `[DONE]`; `content` as
/// `null` or as parts; reasoning under two names; empty deltas; a `finish_reason` that is empty or comes with every
/// piece; the whole answer in one event, which is what a server sends that does not stream. Strict about the end: a
/// stream without any `finish_reason` was cut off.
struct OpenAIStreamTranslator {
    private struct Chunk: Decodable {
        struct Choice: Decodable {
            let index: Int?
            let delta: Delta?
            /// In place of `delta` in an answer that is not streamed.
            let message: Delta?
            let finish_reason: String?
        }

        struct Delta: Decodable {
            let text: String?
            let reasoning: String?

            private enum CodingKeys: String, CodingKey { case content, refusal, reasoning_content, reasoning }

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                // Fields of another type than expected, such as reasoning as an object, hold nothing to show.
                let content = try? container.decode(Content.self, forKey: .content)
                self.text = content?.value ?? (try? container.decode(String.self, forKey: .refusal))
                self.reasoning =
                    (try? container.decode(String.self, forKey: .reasoning_content))
                    ?? (try? container.decode(String.self, forKey: .reasoning))
            }
        }

        struct Usage: Decodable {
            let prompt_tokens: Int?
            let completion_tokens: Int?
        }

        let choices: [Choice]?
        let usage: Usage?
        let error: OpenAIErrorTranslator.Detail?
    }

    /// Text, or text in parts.
    private struct Content: Decodable {
        private struct Part: Decodable {
            let text: String?
        }

        let value: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {  // not a text: then parts
                self.value = text
            } else {
                self.value = try container.decode([Part].self).compactMap(\.text).joined()
            }
        }
    }

    private let errors: OpenAIErrorTranslator
    private var usage: TokenUsage?
    private var reason: FinishReason?
    /// Whether the provider said that nothing more comes.
    private(set) var isDone = false
    /// Whether anything arrived that is part of an answer.
    private(set) var hasBegun = false

    init(errors: OpenAIErrorTranslator) { self.errors = errors }

    /// Takes one event.
    ///
    /// - Throws: `BridgeError`: what the provider reports within the stream, or `.garbled`.
    mutating func receive(_ event: StreamedEvent) throws -> [ChatEvent] {
        guard !self.isDone else { return [] }
        if event.data == "[DONE]" {
            self.isDone = true
            return []
        }
        let chunk: Chunk
        do {
            chunk = try JSONDecoder().decode(Chunk.self, from: Data(event.data.utf8))
        } catch {
            throw BridgeError(
                .garbled,
                message: "The provider sent something that is no part of an answer.",
                hint: "Check that the address is that of an OpenAI-compatible API."
            )
        }
        if let error = chunk.error { throw self.errors.error(error) }
        self.hasBegun = self.hasBegun || chunk.choices != nil
        var events: [ChatEvent] = []
        if let usage = chunk.usage, let prompt = usage.prompt_tokens {
            self.usage = TokenUsage(prompt: prompt, completion: usage.completion_tokens ?? 0)
        }
        for choice in chunk.choices ?? [] where choice.index ?? 0 == 0 {
            let piece = choice.delta ?? choice.message
            if let text = piece?.reasoning, !text.isEmpty { events.append(.reasoning(text)) }
            if let text = piece?.text, !text.isEmpty { events.append(.text(text)) }
            if let reason = choice.finish_reason, !reason.isEmpty { self.reason = Self.reason(reason) }
        }
        return events
    }

    /// Ends the stream.
    ///
    /// - Throws: `BridgeError` with code `.cutOff` when the provider did not say that it finished.
    mutating func finish() throws -> [ChatEvent] {
        guard let reason else {
            throw BridgeError(
                .cutOff,
                message: "The provider's answer ended in the middle.",
                hint: "What had arrived is kept. Try again."
            )
        }
        return (self.usage.map { [.usage($0)] } ?? []) + [.finished(reason)]
    }

    private static func reason(_ name: String) -> FinishReason {
        switch name {
        case "stop": .stop
        case "length": .length
        case "content_filter": .filtered
        default: .other(name)
        }
    }
}
