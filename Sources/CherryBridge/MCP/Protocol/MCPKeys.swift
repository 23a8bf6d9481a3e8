public import CherryCore

/// Members of `_meta` that the protocol reserves.
public enum MCPMeta {
    public static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
    public static let clientInfo = "io.modelcontextprotocol/clientInfo"
    public static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    public static let serverInfo = "io.modelcontextprotocol/serverInfo"
    public static let subscriptionID = "io.modelcontextprotocol/subscriptionId"
    static let progressToken = "progressToken"
}

/// A program that speaks the protocol, as it names itself. Never a reason to trust it.
public struct MCPImplementation: Sendable, Hashable {
    public var name: String
    public var title: String?
    public var version: String

    /// Names a program.
    public init(name: String, title: String? = nil, version: String) {
        self.name = name
        self.title = title
        self.version = version
    }

    /// Reads a name; `nil` when it is none.
    init?(_ json: JSONValue?) {
        guard let name = json?["name"]?.string, let version = json?["version"]?.string else { return nil }
        self.init(name: name, title: json?["title"]?.string, version: version)
    }

    /// The name as JSON.
    public var json: JSONValue {
        var members: JSONObject = ["name": .string(self.name)]
        if let title { members["title"] = .string(title) }
        members["version"] = .string(self.version)
        return .object(members)
    }
}
