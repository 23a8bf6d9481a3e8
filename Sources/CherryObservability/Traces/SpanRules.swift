import Tracing

/// What a span may say. Everything else is left out before it is kept, whoever said it: libraries begin spans too, and put
/// addresses and queries into them.
enum SpanRules {
    /// The names of spans; any other becomes `other`.
    static let names: Set<String> = [
        "http.request", "turn", "turn.recall", "turn.prompt", "turn.model", "turn.store", "turn.tool",
        "gateway.exchange", "gateway.attempt", "store.commit", "index.search", "telemetry.test",
    ]

    /// What the value of a key may be.
    private enum Rule {
        case integer
        case bool
        /// Of these alone; anything else becomes `other`.
        case oneOf(Set<String>)
        /// The template of a route, such as `/v1/models/{model}`: letters, digits and `/{}_-.`, at most 80.
        case route
        /// A stable code in camel or snake case: letters and `_`, at most 40.
        case code
    }

    private static let rules: [String: Rule] = [
        "http.request.method": .oneOf(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        "http.response.status_code": .integer,
        "http.route": .route,
        "error.type": .code,
        "gen_ai.operation.name": .oneOf(["chat", "embeddings"]),
        "gen_ai.provider.name": .oneOf([
            "openai", "anthropic", "gcp.gemini", "mistral_ai", "ollama", "azure.ai.openai", "aws.bedrock", "local",
        ]),
        "gen_ai.usage.input_tokens": .integer,
        "gen_ai.usage.output_tokens": .integer,
        "cherry.attempt": .integer,
        "cherry.cached": .bool,
        "cherry.streamed": .bool,
        "cherry.hits": .integer,
        "cherry.records": .integer,
        "cherry.time_to_first_token_ms": .integer,
        "cherry.tool_calls": .integer,
    ]

    /// The keys of attributes that may be kept.
    static var keys: Set<String> { Set(self.rules.keys) }

    static func name(_ name: String) -> String { self.names.contains(name) ? name : "other" }

    /// What is kept of attributes, in the order of their names.
    static func attributes(_ attributes: SpanAttributes) -> [SpanRecord.Attribute] {
        var kept: [SpanRecord.Attribute] = []
        attributes.forEach { key, attribute in
            if let value = self.value(of: key, attribute) { kept.append(SpanRecord.Attribute(key, value)) }
        }
        return kept.sorted { $0.key < $1.key }
    }

    private static func value(of key: String, _ attribute: SpanAttribute) -> SpanRecord.Value? {
        guard let rule = self.rules[key] else { return nil }
        switch (rule, attribute) {
        case (.integer, .int32(let value)): return .integer(Int64(value))
        case (.integer, .int64(let value)): return .integer(value)
        case (.bool, .bool(let value)): return .bool(value)
        case (.oneOf(let values), .string(let text)): return .text(values.contains(text) ? text : "other")
        case (.route, .string(let text)): return self.isPlain(text, upTo: 80, "/{}_-.") ? .text(text) : nil
        case (.code, .string(let text)): return self.isPlain(text, upTo: 40, "_") ? .text(text) : nil
        default: return nil
        }
    }

    private static func isPlain(_ text: String, upTo limit: Int, _ signs: StaticString) -> Bool {
        let signs = UnsafeBufferPointer(start: signs.utf8Start, count: signs.utf8CodeUnitCount)
        return !text.isEmpty && text.utf8.count <= limit
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || signs.contains(byte)
            }
    }
}
