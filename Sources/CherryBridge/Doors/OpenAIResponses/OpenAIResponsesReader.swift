import CherryCore

/// Reads requests of the Responses API.
enum OpenAIResponsesReader {
    private static let nothingStored = "Send the whole conversation as `input` each time: nothing is stored."

    /// What may be asked to be included. The rest concerns tools that run at the provider, of which there are none.
    private static let includable = [
        "reasoning.encrypted_content", "message.output_text.logprobs", "file_search_call.results",
        "web_search_call.results", "web_search_call.action.sources", "message.input_image.image_url",
        "computer_call_output.output.image_url", "code_interpreter_call.outputs",
    ]

    static func request(from body: JSONValue) throws -> ChatRequest {
        var object = try RequestObject(body, at: "")
        try Self.refuseState(&object)
        let model = try object.requiredString("model")
        var messages: [ChatMessage] = []
        if let instructions = try object.string("instructions") { messages.append(ChatMessage(.system, instructions)) }
        let input = try object.required(object.value("input"), "input")
        messages += try OpenAIResponsesItems.messages(input)
        guard !messages.isEmpty else { throw BridgeError.invalid("input", "must not be empty") }
        var request = ChatRequest(model: model, messages: messages)
        request.isStreamed = try object.bool("stream") ?? false
        if var options = try object.object("stream_options") {
            options.pass("include_obfuscation")
            try options.end()
        }
        request.temperature = try object.number("temperature")
        request.topP = try object.number("top_p")
        request.maxTokens = try object.integer("max_output_tokens", from: 1)
        request.topLogProbabilities = try Self.logProbabilities(&object)
        request.tools = try object.array("tools")?.map(Self.tool) ?? []
        request.toolChoice = try object.value("tool_choice").map(Self.choice)
        request.allowsParallelCalls = try object.bool("parallel_tool_calls")
        request.format = try Self.text(&object)
        request.reasoning = try Self.reasoning(&object)
        try Self.takeTheRest(&object)
        return request
    }

    /// What would need something kept from an earlier request or for a later one.
    private static func refuseState(_ object: inout RequestObject) throws {
        try OpenAIFields.refuseStorage(&object)
        for (key, what) in [
            ("previous_response_id", "going on from an earlier answer"), ("conversation", "stored conversations"),
            ("prompt", "stored prompts"),
        ] where object.value(key) != nil {
            throw BridgeError.notOffered(key, what, hint: Self.nothingStored)
        }
        if try object.bool("background") == true {
            throw BridgeError.notOffered("background", "answers in the background", hint: "Stream the answer instead.")
        }
    }

    /// Members that change nothing, and those that the bridge cannot follow.
    private static func takeTheRest(_ object: inout RequestObject) throws {
        object.pass(
            "metadata",
            "user",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "max_tool_calls"
        )
        try OpenAIFields.refuseServiceTier(&object)
        try object.refuse("truncation", "leaving out what does not fit") { $0 == "disabled" }
        try object.refuse("context_management", "changes to the conversation by the provider") { $0 == [] }
        try object.refuse("moderation", "moderation")
        try object.end()
    }

    private static func logProbabilities(_ object: inout RequestObject) throws -> Int? {
        var isWanted = false
        for (path, value) in try object.array("include") ?? [] {
            guard let name = value.string, Self.includable.contains(name) else {
                throw BridgeError.invalid(path, "is not known")
            }
            if name == "message.output_text.logprobs" { isWanted = true }
        }
        guard let count = try object.integer("top_logprobs", from: 0) else { return isWanted ? 0 : nil }
        guard count <= 20 else { throw BridgeError.invalid("top_logprobs", "must be at most 20") }
        return isWanted || count > 0 ? count : nil
    }

    private static func tool(_ path: String, _ value: JSONValue) throws -> ToolDefinition {
        var tool = try RequestObject(value, at: path)
        guard try tool.requiredString("type") == "function" else {
            throw BridgeError.notOffered(
                "\(path).type",
                "tools other than functions",
                hint: "Describe it as a function, and run it yourself."
            )
        }
        let definition = ToolDefinition(
            name: try tool.requiredString("name"),
            description: try tool.string("description"),
            parameters: try OpenAIFields.schema(&tool, "parameters"),
            isStrict: try tool.bool("strict")
        )
        try tool.refuse("async", "calls that are not waited for") { $0 == false }
        try tool.refuse("defer_loading", "tools that are loaded later") { $0 == false }
        try tool.refuse("allowed_callers", "tools that code at the provider calls") { $0 == ["direct"] }
        tool.pass("output_schema")
        try tool.end()
        return definition
    }

    private static func choice(_ value: JSONValue) throws -> ToolChoice {
        if let word = value.string { return try OpenAIFields.choice(word, at: "tool_choice") }
        var choice = try RequestObject(value, at: "tool_choice")
        guard try choice.requiredString("type") == "function" else {
            throw BridgeError.notOffered("tool_choice.type", "choices other than of one function")
        }
        let name = try choice.requiredString("name")
        try choice.end()
        return .tool(name)
    }

    private static func text(_ object: inout RequestObject) throws -> ResponseFormat? {
        guard var text = try object.object("text") else { return nil }
        try text.refuse("verbosity", "a wish for length") { $0 == "medium" }
        let format = try text.object("format")
        try text.end()
        guard var format else { return nil }
        let type = try format.requiredString("type")
        switch type {
        case "text", "json_object":
            try format.end()
            return type == "text" ? nil : .json
        case "json_schema": return try OpenAIFields.schemaFormat(&format)
        default: throw BridgeError.notOffered("text.format.type", "answers of this form")
        }
    }

    private static func reasoning(_ object: inout RequestObject) throws -> ReasoningEffort? {
        guard var reasoning = try object.object("reasoning") else { return nil }
        let effort = try reasoning.string("effort").map { try OpenAIFields.effort($0, at: "reasoning.effort") }
        reasoning.pass("summary", "generate_summary")
        try reasoning.refuse("context", "a choice of the reasoning that is read") { $0 == "auto" }
        try reasoning.refuse("mode", "another way of reasoning") { $0 == "standard" }
        try reasoning.end()
        return effort
    }
}
