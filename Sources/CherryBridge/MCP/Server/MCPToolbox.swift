import CherryCore

/// The tools that this server offers, always in the same order: a model's prompt cache depends on it.
enum MCPToolbox {
    /// Those that a token may use.
    static func tools(for grant: MCPGrant) -> [MCPTool] {
        var tools: [MCPTool] = []
        if grant.mayRead { tools += [self.search, self.get] }
        if grant.mayWrite { tools.append(self.add) }
        if grant.mayRead { tools += [self.listConversations, self.getConversation] }
        if grant.mayAsk { tools.append(self.ask(withContext: grant.mayRead)) }
        return tools
    }

    // MARK: Bounds

    static let queryLength = 400
    static let textLength = 200_000
    static let titleLength = 200
    static let searchLimit = 1...50
    static let listLimit = 1...100
    static let messageLimit = 1...200

    // MARK: Tools

    private static let search = MCPTool(
        name: "search_context",
        title: "Search the user's context",
        description: """
            Finds notes, facts and messages of the user's by their words, best first. All words must occur; the last \
            one may be incomplete. Returns parts of the texts; get_context returns one whole.
            """,
        input: Self.object(
            [
                "query": Self.text("Words to look for.", 1...Self.queryLength),
                "kinds": [
                    "type": "array", "items": ["type": "string", "enum": ["note", "fact", "message"]],
                    "description": "Only these; all when left out.",
                ],
                "limit": Self.integer("How many at most; 10 when left out.", Self.searchLimit),
            ],
            required: ["query"]
        ),
        output: Self.object(
            ["items": Self.list(of: Self.passage), "indexing": ["type": "boolean"]],
            required: ["items", "indexing"]
        ),
        isReadOnly: true
    )

    private static let get = MCPTool(
        name: "get_context",
        title: "Read one piece of context",
        description: "Returns one note, fact or message whole, by the id that search_context gave.",
        input: Self.object(
            ["id": Self.text("Such as cherry://context/… or cherry://messages/…", 1...100)],
            required: ["id"]
        ),
        output: Self.passage,
        isReadOnly: true
    )

    private static let add = MCPTool(
        name: "add_context",
        title: "Keep something for the user",
        description: """
            Keeps a note or a fact in the user's context, where every tool of theirs finds it. It is marked as coming \
            from you. Keep only what the user wants kept.
            """,
        input: Self.object(
            [
                "text": Self.text("What to keep.", 1...Self.textLength),
                "kind": [
                    "type": "string", "enum": ["note", "fact"],
                    "description": "A fact is one short statement; a note when left out.",
                ],
                "title": Self.text("A heading.", 1...Self.titleLength),
            ],
            required: ["text"]
        ),
        output: Self.passage,
        isReadOnly: false
    )

    private static let listConversations = MCPTool(
        name: "list_conversations",
        title: "List conversations",
        description: "Lists the user's conversations, last changed first.",
        input: Self.object([
            "limit": Self.integer("How many at most; 20 when left out.", Self.listLimit),
            "before": Self.text("The id of a conversation: only those after it in the list.", 1...100),
        ]),
        output: Self.object(
            ["items": Self.list(of: Self.conversation), "hasMore": ["type": "boolean"]],
            required: ["items", "hasMore"]
        ),
        isReadOnly: true
    )

    private static let getConversation = MCPTool(
        name: "get_conversation",
        title: "Read a conversation",
        description: "Returns the last messages of one conversation, oldest first.",
        input: Self.object(
            [
                "id": Self.text("Such as cherry://conversations/…", 1...100),
                "limit": Self.integer("How many messages at most; 50 when left out.", Self.messageLimit),
                "before": Self.text("The id of a message: only those before it.", 1...100),
            ],
            required: ["id"]
        ),
        output: Self.object(
            [
                "conversation": Self.conversation,
                "messages": Self.list(
                    of: Self.object(
                        ["id": Self.string, "role": Self.string, "text": Self.string, "createdAt": Self.string],
                        required: ["id", "role", "text", "createdAt"]
                    )
                ),
                "hasMore": ["type": "boolean"],
            ],
            required: ["conversation", "messages", "hasMore"]
        ),
        isReadOnly: true
    )

    private static func ask(withContext: Bool) -> MCPTool {
        var fields: JSONObject = [
            "question": Self.text("What to ask.", 1...Self.textLength),
            "model": Self.text("The name or alias of a model; the user's default when left out.", 1...200),
        ]
        if withContext {
            fields["persona"] = Self.text("The name of the persona that is to answer.", 1...100)
            fields["use_context"] = [
                "type": "boolean",
                "description":
                    "Whether what is found in the user's context goes with the question; true when left out.",
            ]
        }
        return MCPTool(
            name: "ask",
            title: "Ask a model",
            description: """
                Has a language model of the user's choice answer a question. Nothing of it is kept. It costs what the \
                model costs.
                """,
            input: Self.object(fields, required: ["question"]),
            output: Self.object(
                [
                    "answer": Self.string, "model": Self.string, "persona": Self.string,
                    "sources": Self.list(of: Self.string),
                ],
                required: ["answer", "model", "sources"]
            ),
            isReadOnly: true,
            isOpenWorld: true
        )
    }

    // MARK: Schemas

    private static let string: JSONValue = ["type": "string"]

    private static let passage = Self.object(
        [
            "id": Self.string, "kind": ["type": "string", "enum": ["note", "fact", "message"]], "title": Self.string,
            "text": Self.string, "createdAt": Self.string, "author": Self.string, "conversation": Self.string,
        ],
        required: ["id", "kind", "text", "createdAt", "author"]
    )

    private static let conversation = Self.object(
        ["id": Self.string, "title": Self.string, "createdAt": Self.string, "updatedAt": Self.string],
        required: ["id", "title", "createdAt", "updatedAt"]
    )

    private static func object(_ fields: JSONObject, required: [String] = []) -> JSONValue {
        var schema: JSONObject = ["type": "object", "properties": .object(fields)]
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        schema["additionalProperties"] = false
        return .object(schema)
    }

    private static func list(of items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    private static func text(_ description: String, _ length: ClosedRange<Int>) -> JSONValue {
        [
            "type": "string", "minLength": .integer(Int64(length.lowerBound)),
            "maxLength": .integer(Int64(length.upperBound)), "description": .string(description),
        ]
    }

    private static func integer(_ description: String, _ range: ClosedRange<Int>) -> JSONValue {
        [
            "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
            "maximum": .integer(Int64(range.upperBound)), "description": .string(description),
        ]
    }
}
