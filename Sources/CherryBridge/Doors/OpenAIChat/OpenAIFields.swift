import CherryCore

/// Fields that both of OpenAI's APIs have.
enum OpenAIFields {
    static func effort(_ word: String, at path: String) throws -> ReasoningEffort {
        switch word {
        case "none": .none
        case "minimal": .minimal
        case "low": .low
        case "medium": .medium
        case "high": .high
        case "xhigh", "max": throw BridgeError.notOffered(path, "more reasoning than `high`")
        default: throw BridgeError.invalid(path, "must be none, minimal, low, medium or high")
        }
    }

    static func choice(_ word: String, at path: String) throws -> ToolChoice {
        switch word {
        case "auto": .auto
        case "none": .none
        case "required": .required
        default: throw BridgeError.invalid(path, "must be auto, none, required or an object")
        }
    }

    /// A JSON Schema under `key`: an object, whatever is in it.
    static func schema(_ object: inout RequestObject, _ key: String) throws -> JSONValue? {
        guard let schema = object.value(key) else { return nil }
        guard schema.object != nil else { throw BridgeError.invalid(object.path(of: key), "must be an object") }
        return schema
    }

    /// `name`, `schema`, `strict` and `description`, which stand at different places in the two APIs.
    static func schemaFormat(_ object: inout RequestObject) throws -> ResponseFormat {
        let format = ResponseFormat.schema(
            name: try object.requiredString("name"),
            schema: try object.required(try Self.schema(&object, "schema"), "schema"),
            isStrict: try object.bool("strict") ?? false,
            description: try object.string("description")
        )
        try object.end()
        return format
    }

    static func refuseStorage(_ object: inout RequestObject) throws {
        guard try object.bool("store") == true else { return }
        throw BridgeError.notOffered(
            "store",
            "keeping answers for later requests",
            hint: "Set it to false and send the whole conversation each time: nothing is stored."
        )
    }

    /// Tiers that differ in speed and price are the provider's; a bridge of several has none.
    static func refuseServiceTier(_ object: inout RequestObject) throws {
        try object.refuse("service_tier", "a service tier") { $0 == "auto" || $0 == "default" }
    }

    /// Tokens of an answer, under the names of this API.
    static func tokens(_ tokens: [TokenProbability]) -> JSONValue {
        .array(
            tokens.map { token in
                var value = Self.token(token.chosen)
                value["top_logprobs"] = .array(token.top.map(Self.token))
                return value
            }
        )
    }

    private static func token(_ token: TokenProbability.Alternative) -> JSONValue {
        [
            "token": .string(token.token), "logprob": .number(token.logProbability),
            "bytes": token.bytes.map { .array($0.map { .integer(Int64($0)) }) } ?? .null,
        ]
    }
}
