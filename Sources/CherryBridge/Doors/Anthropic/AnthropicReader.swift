import CherryCore

/// Reads requests of the Messages API.
enum AnthropicReader {
    static func request(from body: JSONValue, needsLimit: Bool) throws -> ChatRequest {
        var object = try RequestObject(body, at: "")
        let model = try object.requiredString("model")
        let limit = try object.integer("max_tokens", from: 1)
        let elements = try object.required(try object.array("messages"), "messages")
        guard !elements.isEmpty else { throw BridgeError.invalid("messages", "must not be empty") }
        var messages: [ChatMessage] = []
        if let system = object.value("system") {
            let parts = try Self.parts(system, at: "system", of: "text") { try Self.text($0, &$1) }
            messages.append(ChatMessage(.system, parts: parts))
        }
        messages += try Self.messages(elements)
        var request = ChatRequest(model: model, messages: messages)
        request.maxTokens = needsLimit ? try object.required(limit, "max_tokens") : limit
        request.isStreamed = try object.bool("stream") ?? false
        request.stop = try object.strings("stop_sequences") ?? []
        request.temperature = try object.number("temperature")
        request.topP = try object.number("top_p")
        request.topK = try object.integer("top_k", from: 1)
        request.tools = try object.array("tools")?.map(Self.tool) ?? []
        try Self.readChoice(&object, &request)
        try Self.readThinking(&object, &request)
        try Self.takeTheRest(&object)
        return request
    }

    /// Members that change nothing, and those that the bridge cannot follow.
    private static func takeTheRest(_ object: inout RequestObject) throws {
        object.pass("metadata", "cache_control", "diagnostics", "user_profile_id", "workspace_id")
        try object.refuse("service_tier", "a service tier") { $0 == "auto" || $0 == "standard_only" }
        try object.refuse("speed", "another speed") { $0 == "standard" }
        try object.refuse("container", "containers")
        try object.refuse("mcp_servers", "servers of tools that the provider calls") { $0 == [] }
        try object.refuse("inference_geo", "a choice of where models run")
        try object.refuse("context_management", "changes to the conversation by the provider", unless: Self.keepsAll)
        try object.end()
    }

    private static func keepsAll(_ management: JSONValue) -> Bool {
        guard let members = management.object, members.allSatisfy({ $0.key == "edits" }) else { return false }
        return (management["edits"]?.array ?? []).allSatisfy {
            $0["type"]?.string?.hasPrefix("clear_thinking") == true && $0["keep"] == "all"
        }
    }

    // MARK: Tools

    private static func tool(_ path: String, _ value: JSONValue) throws -> ToolDefinition {
        var object = try RequestObject(value, at: path)
        guard try object.string("type") ?? "custom" == "custom" else {
            throw BridgeError.notOffered(
                "\(path).type",
                "tools that are Anthropic's own",
                hint: "Describe the tool with an `input_schema`, and run it yourself."
            )
        }
        let tool = ToolDefinition(
            name: try object.requiredString("name"),
            description: try object.string("description"),
            parameters: try object.required(try OpenAIFields.schema(&object, "input_schema"), "input_schema"),
            isStrict: try object.bool("strict")
        )
        object.pass("cache_control", "eager_input_streaming")
        try object.refuse("defer_loading", "tools that are loaded later") { $0 == false }
        try object.refuse("allowed_callers", "tools that code at the provider calls") { $0 == ["direct"] }
        try object.refuse("input_examples", "examples beside a schema") { $0 == [] }
        try object.end()
        return tool
    }

    private static func readChoice(_ object: inout RequestObject, _ request: inout ChatRequest) throws {
        guard var choice = try object.object("tool_choice") else { return }
        switch try choice.requiredString("type") {
        case "auto": request.toolChoice = .auto
        case "any": request.toolChoice = .required
        case "none": request.toolChoice = ToolChoice.none
        case "tool": request.toolChoice = .tool(try choice.requiredString("name"))
        default: throw BridgeError.invalid("tool_choice.type", "must be auto, any, tool or none")
        }
        request.allowsParallelCalls = try choice.bool("disable_parallel_tool_use").map { !$0 }
        try choice.end()
    }

    // MARK: Thinking and format

    private static func readThinking(_ object: inout RequestObject, _ request: inout ChatRequest) throws {
        var effort: ReasoningEffort?
        if var output = try object.object("output_config") {
            effort = try output.string("effort").map { try OpenAIFields.effort($0, at: "output_config.effort") }
            request.format = try Self.format(&output, "format")
            try output.end()
        }
        if let format = try Self.format(&object, "output_format") { request.format = format }
        request.reasoning = effort
        guard var thinking = try object.object("thinking") else { return }
        thinking.pass("display")
        let budget = try thinking.integer("budget_tokens", from: 1)
        switch try thinking.requiredString("type") {
        case "adaptive": request.reasoning = effort ?? .high
        case "enabled": request.reasoning = .tokens(try thinking.required(budget, "budget_tokens"))
        case "disabled": request.reasoning = ReasoningEffort.none
        default: throw BridgeError.invalid("thinking.type", "must be enabled, adaptive or disabled")
        }
        if request.reasoning != effort, let effort, effort != .high {  // `high` is what holds when nothing is said
            throw BridgeError.notOffered("output_config.effort", "an effort beside another wish for thinking")
        }
        try thinking.end()
    }

    private static func format(_ object: inout RequestObject, _ key: String) throws -> ResponseFormat? {
        guard var format = try object.object(key) else { return nil }
        guard try format.requiredString("type") == "json_schema" else {
            throw BridgeError.invalid(format.path(of: "type"), "must be json_schema")
        }
        let schema = try format.required(try OpenAIFields.schema(&format, "schema"), "schema")
        try format.end()
        // The API has no name for it and is always strict.
        return .schema(name: "answer", schema: schema, isStrict: true, description: nil)
    }
}
