public import CherryCore

/// A tool as it is offered to clients.
public struct MCPTool: Sendable, Hashable {
    public var name: String
    public var title: String
    public var description: String
    /// JSON Schema 2020-12 of the arguments.
    public var input: JSONValue
    /// JSON Schema of `structuredContent`.
    public var output: JSONValue
    /// Whether it changes nothing.
    public var isReadOnly: Bool
    /// Whether it reaches beyond this server, as a language model may.
    public var isOpenWorld = false

    var json: JSONValue {
        [
            "name": .string(self.name),
            "title": .string(self.title),
            "description": .string(self.description),
            "inputSchema": self.input,
            "outputSchema": self.output,
            "annotations": [
                "readOnlyHint": .bool(self.isReadOnly),
                "destructiveHint": false,
                "idempotentHint": .bool(self.isReadOnly && !self.isOpenWorld),
                "openWorldHint": .bool(self.isOpenWorld),
            ],
        ]
    }
}

/// What came of a tool.
public struct MCPToolOutcome: Sendable, Hashable {
    public var text: String
    /// `nil` for a failure.
    public var structured: JSONValue?
    public var isError = false

    /// A success, told as data and, for clients that do not read it, as text: the same data unless given.
    init(_ structured: JSONValue, text: String? = nil) {
        self.structured = structured
        self.text = text ?? structured.text
    }

    /// A failure of the tool's own, which the model that called it may mend.
    init(failure code: String, _ message: String, hint: String? = nil) {
        var error: JSONObject = ["code": .string(code), "message": .string(message)]
        if let hint { error["hint"] = .string(hint) }
        self.text = JSONValue.object(["error": .object(error)]).text
        self.isError = true
    }

    var json: JSONObject {
        var members: JSONObject = ["content": [["type": "text", "text": .string(self.text)]]]
        members["structuredContent"] = self.structured
        members["isError"] = .bool(self.isError)
        return members
    }
}

/// Something that can be read under its address.
public struct MCPResource: Sendable, Hashable {
    public var uri: String
    public var name: String
    public var title: String
    public var description: String
    public var mimeType = "text/markdown"

    var json: JSONValue {
        [
            "uri": .string(self.uri), "name": .string(self.name), "title": .string(self.title),
            "description": .string(self.description), "mimeType": .string(self.mimeType),
        ]
    }

    /// The same as a form of addresses.
    var templateJSON: JSONValue {
        [
            "uriTemplate": .string(self.uri), "name": .string(self.name), "title": .string(self.title),
            "description": .string(self.description), "mimeType": .string(self.mimeType),
        ]
    }
}

/// A prompt as it is offered to clients. Each takes one argument.
public struct MCPPrompt: Sendable, Hashable {
    public var name: String
    public var title: String
    public var description: String
    public var argument: (name: String, description: String) { ("question", "What to ask; may be left out.") }

    var json: JSONValue {
        [
            "name": .string(self.name), "title": .string(self.title), "description": .string(self.description),
            "arguments": [
                [
                    "name": .string(self.argument.name), "description": .string(self.argument.description),
                    "required": false,
                ]
            ],
        ]
    }
}
