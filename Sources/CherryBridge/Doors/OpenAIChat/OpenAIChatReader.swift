import CherryCore

/// Reads requests of the Chat Completions API.
enum OpenAIChatReader {
    static func request(from body: JSONValue) throws -> ChatRequest {
        var object = try RequestObject(body, at: "")
        let model = try object.requiredString("model")
        let messages = try object.required(try object.array("messages"), "messages")
        guard !messages.isEmpty else { throw BridgeError.invalid("messages", "must not be empty") }
        var request = ChatRequest(model: model, messages: try Self.messages(messages))
        request.isStreamed = try object.bool("stream") ?? false
        try Self.readStreamOptions(&object)
        request.temperature = try object.number("temperature")
        request.topP = try object.number("top_p")
        request.topK = try object.integer("top_k", from: 1)
        request.maxTokens = try Self.maxTokens(&object)
        request.stop = try Self.stop(&object)
        request.seed = try object.integer("seed")
        request.frequencyPenalty = try object.number("frequency_penalty")
        request.presencePenalty = try object.number("presence_penalty")
        request.topLogProbabilities = try Self.logProbabilities(&object)
        request.reasoning = try object.string("reasoning_effort").map {
            try OpenAIFields.effort($0, at: "reasoning_effort")
        }
        request.tools = try object.array("tools")?.map(Self.tool) ?? []
        request.toolChoice = try object.value("tool_choice").map { try Self.choice($0, at: "tool_choice") }
        request.allowsParallelCalls = try object.bool("parallel_tool_calls")
        request.format = try Self.format(&object)
        try Self.takeTheRest(&object)
        return request
    }

    /// Members that change nothing, and those that the bridge cannot follow.
    private static func takeTheRest(_ object: inout RequestObject) throws {
        object.pass(
            "user",
            "metadata",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "prediction"
        )
        try object.refuse("n", "several answers") { $0.integer == 1 }
        try OpenAIFields.refuseStorage(&object)
        try OpenAIFields.refuseServiceTier(&object)
        try object.refuse("logit_bias", "a bias on tokens") { $0.object?.isEmpty == true }
        try object.refuse("modalities", "other kinds of answer than text") { $0 == ["text"] }
        try object.refuse("audio", "sound")
        try object.refuse("verbosity", "a wish for length") { $0 == "medium" }
        try object.refuse("web_search_options", "searching the web")
        try object.refuse("moderation", "moderation")
        try object.refuse("functions", "functions in the old form, where `tools` is the new one") { $0 == [] }
        try object.refuse("function_call", "functions in the old form, where `tool_choice` is the new one")
        try object.end()
    }

    private static func readStreamOptions(_ object: inout RequestObject) throws {
        guard var options = try object.object("stream_options") else { return }
        _ = try options.bool("include_usage")  // of the exchange, not of the request
        options.pass("include_obfuscation")
        try options.end()
    }

    private static func maxTokens(_ object: inout RequestObject) throws -> Int? {
        let (old, new) = (
            try object.integer("max_tokens", from: 1), try object.integer("max_completion_tokens", from: 1)
        )
        guard let old, let new, old != new else { return new ?? old }
        throw BridgeError.invalid("max_tokens", "says something else than `max_completion_tokens`")
    }

    private static func stop(_ object: inout RequestObject) throws -> [String] {
        if let text = object.value("stop")?.string { return [text] }
        return try object.strings("stop") ?? []
    }

    private static func logProbabilities(_ object: inout RequestObject) throws -> Int? {
        let isWanted = try object.bool("logprobs") ?? false
        guard let count = try object.integer("top_logprobs", from: 0) else { return isWanted ? 0 : nil }
        guard isWanted || count == 0 else { throw BridgeError.invalid("top_logprobs", "needs `logprobs`") }
        guard count <= 20 else { throw BridgeError.invalid("top_logprobs", "must be at most 20") }
        return isWanted ? count : nil
    }

    // MARK: Tools and format

    private static func tool(_ path: String, _ value: JSONValue) throws -> ToolDefinition {
        var tool = try RequestObject(value, at: path)
        let type = try tool.string("type") ?? "function"
        guard type == "function" else { throw BridgeError.notOffered("\(path).type", "tools other than functions") }
        var function = try tool.required(try tool.object("function"), "function")
        tool.pass("cache_control")
        try tool.end()
        let definition = ToolDefinition(
            name: try function.requiredString("name"),
            description: try function.string("description"),
            parameters: try OpenAIFields.schema(&function, "parameters"),
            isStrict: try function.bool("strict")
        )
        try function.end()
        return definition
    }

    private static func choice(_ value: JSONValue, at path: String) throws -> ToolChoice {
        if let word = value.string { return try OpenAIFields.choice(word, at: path) }
        var choice = try RequestObject(value, at: path)
        guard try choice.requiredString("type") == "function" else {
            throw BridgeError.notOffered("\(path).type", "choices other than of one function")
        }
        var function = try choice.required(try choice.object("function"), "function")
        let name = try function.requiredString("name")
        try function.end()
        try choice.end()
        return .tool(name)
    }

    private static func format(_ object: inout RequestObject) throws -> ResponseFormat? {
        guard var format = try object.object("response_format") else { return nil }
        let type = try format.requiredString("type")
        switch type {
        case "text", "json_object":
            try format.end()
            return type == "text" ? nil : .json
        case "json_schema":
            var schema = try format.required(try format.object("json_schema"), "json_schema")
            try format.end()
            return try OpenAIFields.schemaFormat(&schema)
        default: throw BridgeError.notOffered(format.path(of: "type"), "answers of this form")
        }
    }
}
