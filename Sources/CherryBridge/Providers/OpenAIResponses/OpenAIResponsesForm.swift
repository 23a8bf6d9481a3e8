import CherryCore

/// Forms of the Responses API that stand both in requests and in answers, which repeat them.
enum OpenAIResponsesForm {
    static func tool(_ tool: ToolDefinition) -> JSONValue {
        var value: JSONValue = ["type": "function", "name": .string(tool.name)]
        value["description"] = tool.description.map { .string($0) }
        value["parameters"] = tool.parameters ?? .null
        value["strict"] = tool.isStrict.map { .bool($0) } ?? .null
        return value
    }

    static func choice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .tool(let name): ["type": "function", "name": .string(name)]
        }
    }

    static func format(_ format: ResponseFormat?) -> JSONValue {
        switch format {
        case nil: return ["type": "text"]
        case .json: return ["type": "json_object"]
        case .schema(let name, let schema, let isStrict, let description):
            var value: JSONValue = [
                "type": "json_schema", "name": .string(name), "schema": schema, "strict": .bool(isStrict),
            ]
            value["description"] = description.map { .string($0) }
            return value
        }
    }

    /// The word for an effort; `nil` for a number of tokens, which the API has no field for.
    static func effort(_ effort: ReasoningEffort) -> String? {
        switch effort {
        case .none: "none"
        case .minimal: "minimal"
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        case .tokens: nil
        }
    }
}
