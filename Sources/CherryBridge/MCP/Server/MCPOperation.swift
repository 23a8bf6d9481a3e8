public import CherryCore

/// What a client asked for, once its parameters have been read.
public enum MCPOperation: Sendable, Hashable {
    case listTools
    case callTool(name: String, arguments: JSONObject)
    case listResources
    case listResourceTemplates
    case readResource(uri: String)
    case listPrompts
    case getPrompt(name: String, arguments: [String: String])

    /// Reads the parameters of `method`; `nil` when there is no such method in any revision.
    ///
    /// - Throws: `MCPFailure` for parameters that are not of the right type.
    init?(_ method: String, _ params: JSONObject) throws(MCPFailure) {
        switch method {
        case "tools/list":
            try Self.checkCursor(params)
            self = .listTools
        case "tools/call":
            let name = try Self.text("name", params)
            switch params["arguments"] {
            case nil: self = .callTool(name: name, arguments: [:])
            case .object(let arguments): self = .callTool(name: name, arguments: arguments)
            default: throw .invalidParams("arguments must be an object.")
            }
        case "resources/list":
            try Self.checkCursor(params)
            self = .listResources
        case "resources/templates/list":
            try Self.checkCursor(params)
            self = .listResourceTemplates
        case "resources/read":
            self = .readResource(uri: try Self.text("uri", params))
        case "prompts/list":
            try Self.checkCursor(params)
            self = .listPrompts
        case "prompts/get":
            self = .getPrompt(name: try Self.text("name", params), arguments: try Self.texts("arguments", params))
        default: return nil
        }
    }

    private static func text(_ key: String, _ params: JSONObject) throws(MCPFailure) -> String {
        guard let text = params[key]?.string else { throw .invalidParams("\(key) must be a text.") }
        return text
    }

    private static func texts(_ key: String, _ params: JSONObject) throws(MCPFailure) -> [String: String] {
        guard let value = params[key] else { return [:] }
        guard case .object(let members) = value else { throw .invalidParams("\(key) must be an object.") }
        var texts: [String: String] = [:]
        for (name, value) in members {
            guard let text = value.string else { throw .invalidParams("Every member of \(key) must be a text.") }
            texts[name] = text
        }
        return texts
    }

    /// Every list is answered whole, so nobody can have been given a cursor.
    private static func checkCursor(_ params: JSONObject) throws(MCPFailure) {
        guard params["cursor"] == nil else { throw .invalidParams("There is no such cursor.") }
    }
}
