import CherryCore

/// What came of an operation, before it is written in the terms of one revision.
public enum MCPResult: Sendable, Hashable {
    case tools([MCPTool])
    case outcome(MCPToolOutcome)
    case resources([MCPResource])
    case resourceTemplates([MCPResource])
    case contents(uri: String, mimeType: String, text: String)
    case prompts([MCPPrompt])
    case prompt(description: String, text: String)

    /// Milliseconds for which a client may keep a list. What changes oftener is announced.
    private static let listLifetime: Int64 = 60_000

    /// The result's members as every revision has them.
    private var members: JSONObject {
        switch self {
        case .tools(let tools): ["tools": .array(tools.map(\.json))]
        case .outcome(let outcome): outcome.json
        case .resources(let resources): ["resources": .array(resources.map(\.json))]
        case .resourceTemplates(let templates): ["resourceTemplates": .array(templates.map(\.templateJSON))]
        case .contents(let uri, let mimeType, let text):
            ["contents": [["uri": .string(uri), "mimeType": .string(mimeType), "text": .string(text)]]]
        case .prompts(let prompts): ["prompts": .array(prompts.map(\.json))]
        case .prompt(let description, let text):
            [
                "description": .string(description),
                "messages": [["role": "user", "content": ["type": "text", "text": .string(text)]]],
            ]
        }
    }

    /// How long the result may be kept; `nil` where the protocol has no word on it.
    private var lifetime: Int64? {
        switch self {
        case .tools, .resources, .resourceTemplates, .prompts: Self.listLifetime
        case .contents: 0
        case .outcome, .prompt: nil
        }
    }

    /// The result as `version` has it.
    func json(_ version: MCPVersion, from server: MCPImplementation) -> JSONObject {
        Self.complete(self.members, lifetime: self.lifetime, version, from: server)
    }

    /// Adds what the newer revision wants in each result.
    static func complete(
        _ members: JSONObject,
        lifetime: Int64? = nil,
        _ version: MCPVersion,
        from server: MCPImplementation
    ) -> JSONObject {
        guard version.hasResultTypes else { return members }
        var members = members
        members["resultType"] = "complete"
        if let lifetime {
            members["ttlMs"] = .integer(lifetime)
            members["cacheScope"] = "private"
        }
        var meta = members["_meta"] ?? [:]
        meta[MCPMeta.serverInfo] = server.json
        members["_meta"] = meta
        return members
    }
}
