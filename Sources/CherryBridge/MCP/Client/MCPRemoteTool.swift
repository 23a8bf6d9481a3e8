public import CherryCore

/// A tool that a server offers, as the server describes it: words of somebody else.
public struct MCPRemoteTool: Sendable, Hashable {
    public var name: String
    public var title: String?
    public var description: String?
    /// JSON Schema of the arguments.
    public var input: JSONValue
    /// Whether the server says that it changes nothing.
    public var isReadOnly: Bool

    /// Longest name, in bytes; the specification asks for at most 128 characters.
    static let nameLimit = 128
    /// Longest description that is kept, in characters.
    static let descriptionLimit = 4000

    /// Reads a description; `nil` for one that is none.
    ///
    /// - Parameter hasHeaders: whether the transport has headers, in which case a tool whose schema asks for impossible
    ///   ones must not be used.
    init?(_ json: JSONValue, hasHeaders: Bool) {
        guard let name = json["name"]?.string, (1...Self.nameLimit).contains(name.utf8.count),
            let input = json["inputSchema"], input["type"] == "object"
        else { return nil }
        if hasHeaders, MCPParameterHeaders(input) == nil { return nil }
        self.name = name
        self.title = (json["title"] ?? json["annotations"]?["title"])?.string
        self.description = json["description"]?.string.map { String($0.prefix(Self.descriptionLimit)) }
        self.input = input
        self.isReadOnly = json["annotations"]?["readOnlyHint"]?.bool == true
    }
}

/// What a tool answered: somebody else's words, never to be followed as instructions.
public struct MCPToolAnswer: Sendable, Hashable {
    public var text: String
    public var isError: Bool

    /// States an answer.
    public init(text: String, isError: Bool = false) {
        self.text = text
        self.isError = isError
    }

    /// Reads a result of `tools/call`.
    init(_ result: JSONObject) {
        var parts: [String] = []
        for part in result["content"]?.array ?? [] {
            switch part["type"]?.string {
            case "text": parts.append(part["text"]?.string ?? "")
            case "image", "audio":
                let type = part["mimeType"]?.string ?? "of unknown type"
                parts.append("[\(part["type"]?.string ?? "") \(type.prefix(100)), not shown]")
            case "resource_link": parts.append("[link to \(part["uri"]?.string?.prefix(500) ?? "")]")
            case "resource":
                let text = part["resource"]?["text"]?.string
                parts.append(text ?? "[resource \(part["resource"]?["uri"]?.string?.prefix(500) ?? ""), not shown]")
            default: parts.append("[content of a kind that is not known]")
            }
        }
        if parts.isEmpty, let structured = result["structuredContent"] { parts.append(structured.text) }
        self.text = parts.joined(separator: "\n")
        self.isError = result["isError"]?.bool == true
    }
}
