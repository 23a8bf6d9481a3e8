import CherryBridge
import CherryCore
import Synchronization
import Testing

/// A context of three things, which remembers what it was asked.
private final class SmallContext: MCPContext {
    static let note = RecordID("01900000-0000-7000-8000-000000000001")!
    static let talk = RecordID("01900000-0000-7000-8000-000000000002")!

    struct Failure: CherryError {
        let codeName: String
        let message = "It failed."
        let hint: String? = "Mend it."
    }

    private let state = Mutex<(added: [ContextItem], questions: [MCPQuestion], failure: Failure?)>(([], [], nil))

    var added: [ContextItem] { self.state.withLock { $0.added } }
    var questions: [MCPQuestion] { self.state.withLock { $0.questions } }

    func fail(with code: String) { self.state.withLock { $0.failure = Failure(codeName: code) } }

    private func check() throws { if let failure = self.state.withLock({ $0.failure }) { throw failure } }

    private static let passage = MCPPassage(
        reference: .context(note),
        kind: .note,
        title: "Tea",
        text: "Green, 70 °C",
        createdAt: Timestamp(milliseconds: 0),
        author: "user"
    )

    func search(_ query: String, kinds: Set<MCPPassage.Kind>, limit: Int) async throws -> MCPPassages {
        try self.check()
        return MCPPassages(items: kinds == [.message] ? [] : [Self.passage], isIndexing: false)
    }

    func passage(_ reference: MCPReference) async throws -> MCPPassage? {
        try self.check()
        return reference == .context(Self.note) ? Self.passage : nil
    }

    func add(_ item: ContextItem) async throws -> MCPPassage {
        self.state.withLock { $0.added.append(item) }
        return Self.passage
    }

    func conversations(before: RecordID?, limit: Int) async throws -> MCPConversations {
        MCPConversations(items: [Conversation(id: Self.talk, title: "Talk")], hasMore: false)
    }

    func conversation(_ id: RecordID, before: RecordID?, limit: Int) async throws -> MCPConversation? {
        guard id == Self.talk else { return nil }
        let messages = (0..<5).map { number in
            Message(
                conversationID: id,
                parentID: nil,
                role: .user,
                content: String(repeating: "\(number)", count: 60_000)
            )
        }
        return MCPConversation(
            conversation: Conversation(id: id, title: "Talk"),
            messages: messages.suffix(limit),
            hasMore: false
        )
    }

    func ask(
        _ question: MCPQuestion,
        for grant: MCPGrant,
        progress: @escaping @Sendable (Int) async -> Void
    ) async throws -> MCPAnswer {
        try self.check()
        self.state.withLock { $0.questions.append(question) }
        await progress(4)
        return MCPAnswer(text: "Four", model: "m", persona: question.persona, sources: [.context(Self.note)])
    }

    func personas() async throws -> [Persona] {
        try self.check()
        return Persona.builtIn() + [
            Persona(name: "Chérry!", hue: .teal, instructions: "Another."),
            Persona(name: "写手", hue: .teal, instructions: "Writes."),
        ]
    }
}

@Suite("The server's tools, resources and prompts")
struct MCPServerTests {
    private let context = SmallContext()
    private var server: MCPServer { MCPServer(context: self.context, version: "1") }

    private static func grant(_ right: BridgeToken.ContextAccess, mayAsk: Bool = true) -> MCPGrant {
        MCPGrant(
            BridgeToken(name: "Editor", digest: "", prefix: "", models: mayAsk ? nil : [], contextAccess: right)
        )
    }

    private func perform(_ operation: MCPOperation, _ right: BridgeToken.ContextAccess = .write) async throws
        -> Result<MCPResult, MCPFailure>
    {
        try await self.server.perform(
            operation,
            for: Self.grant(right),
            client: MCPImplementation(name: "editor", version: "2")
        )
    }

    private func call(
        _ name: String,
        _ arguments: JSONObject = [:],
        _ right: BridgeToken.ContextAccess = .write
    ) async throws -> MCPToolOutcome {
        let result = try await self.perform(.callTool(name: name, arguments: arguments), right).get()
        guard case .outcome(let outcome) = result else { throw CancellationError() }
        return outcome
    }

    private func failure(_ outcome: MCPToolOutcome) throws -> JSONValue {
        #expect(outcome.isError)
        #expect(outcome.structured == nil)
        return try JSONValue(parsing: outcome.text)["error"] ?? .null
    }

    @Test(
        "A token sees the tools of its right, always in the same order",
        arguments: [
            (.none, ["ask"]),
            (.read, ["search_context", "get_context", "list_conversations", "get_conversation", "ask"]),
            (
                .write,
                [
                    "search_context", "get_context", "add_context", "list_conversations", "get_conversation", "ask",
                ]
            ),
        ] as [(BridgeToken.ContextAccess, [String])]
    )
    func tools(right: BridgeToken.ContextAccess, names: [String]) async throws {
        for _ in 0..<3 {
            guard case .tools(let tools) = try await self.perform(.listTools, right).get() else {
                throw CancellationError()
            }
            #expect(tools.map(\.name) == names)
        }
        let silent = try await self.server.perform(.listTools, for: Self.grant(.none, mayAsk: false), client: nil)
        #expect(try silent.get() == .tools([]))
    }

    @Test("A tool beyond the token's right is as unknown as one that does not exist")
    func rights() async throws {
        for (name, right) in [("add_context", .read), ("search_context", .none), ("nonsense", .write)]
            as [(String, BridgeToken.ContextAccess)]
        {
            let result = try await self.perform(.callTool(name: name, arguments: ["text": "x"]), right)
            #expect(throws: MCPFailure.self) { try result.get() }
        }
        #expect(self.context.added.isEmpty)
    }

    @Test("Search and read return data, and the same as text")
    func reading() async throws {
        let found = try await self.call("search_context", ["query": "tea", "kinds": ["note"], "limit": 5])
        #expect(found.structured?["items"]?.array?.count == 1)
        #expect(try JSONValue(parsing: found.text) == found.structured)
        let item = found.structured?["items"]?.array?.first
        #expect(item?["id"] == "cherry://context/01900000-0000-7000-8000-000000000001")
        #expect(item?["createdAt"] == "1970-01-01T00:00:00.000Z")
        let read = try await self.call("get_context", ["id": item?["id"] ?? .null])
        #expect(read.structured?["text"] == "Green, 70 °C")
        #expect(try self.failure(await self.call("get_context", ["id": "cherry://messages/x"]))["code"] == "notFound")
    }

    @Test("What is added is kept with the token and the program that brought it")
    func adding() async throws {
        _ = try await self.call("add_context", ["text": "Likes tea", "kind": "fact", "title": .null])
        let item = try #require(self.context.added.first)
        #expect(item.kind == .fact)
        #expect(item.origin.name == "Editor")
        #expect(item.origin.client == "editor")
        #expect(item.origin.tokenID != nil)
    }

    @Test("A long conversation is told from its end, as far as it fits")
    func conversations() async throws {
        let list = try await self.call("list_conversations")
        let id = try #require(list.structured?["items"]?.array?.first?["id"])
        let page = try await self.call("get_conversation", ["id": id])
        #expect(page.structured?["messages"]?.array?.count == 3)
        #expect(page.structured?["hasMore"] == true)
        let short = try await self.call("get_conversation", ["id": id, "limit": 2])
        #expect(short.structured?["messages"]?.array?.count == 2)
    }

    @Test(
        "Arguments that break a rule are told to the model that made them",
        arguments: [
            ("search_context", [:]), ("search_context", ["query": ""]), ("search_context", ["query": "a", "limit": 0]),
            ("search_context", ["query": "a", "kinds": ["secret"]]), ("search_context", ["query": "a", "stray": 1]),
            ("get_context", ["id": 5]), ("add_context", ["text": "\u{0}"]), ("list_conversations", ["before": "x"]),
            ("get_conversation", ["id": "cherry://context/01900000-0000-7000-8000-000000000001"]),
            ("ask", ["question": "a", "use_context": "yes"]),
        ] as [(String, JSONObject)]
    )
    func invalid(name: String, arguments: JSONObject) async throws {
        #expect(try self.failure(await self.call(name, arguments))["code"] == "invalid")
    }

    @Test("A locked vault is a tool's failure with its code and hint, and an error elsewhere")
    func sealed() async throws {
        self.context.fail(with: "sealed")
        let failure = try self.failure(await self.call("search_context", ["query": "tea"]))
        #expect(failure == ["code": "sealed", "message": "It failed.", "hint": "Mend it."])
        let result = try await self.perform(.listPrompts)
        guard case .failure(let error) = result else { throw CancellationError() }
        #expect(error.code == 423)
        #expect(error.data == ["code": "sealed", "hint": "Mend it."])
    }

    @Test("Without the right to read, a question goes alone")
    func askingWithoutContext() async throws {
        _ = try await self.call("ask", ["question": "2+2?"], .none)
        #expect(self.context.questions == [MCPQuestion(text: "2+2?", persona: nil, model: nil, usesContext: false)])
        let refused = try await self.call("ask", ["question": "a", "persona": "Cherry"], .none)
        #expect(try self.failure(refused)["code"] == "invalid")
        let answer = try await self.call("ask", ["question": "2+2?", "persona": "Cherry"])
        #expect(answer.text == "Four")
        #expect(answer.structured?["persona"] == "Cherry")
        #expect(self.context.questions.last?.usesContext == true)
    }

    @Test("Personas are prompts with names that differ, and resources")
    func personas() async throws {
        guard case .prompts(let prompts) = try await self.perform(.listPrompts).get() else { throw CancellationError() }
        #expect(prompts.map(\.name).prefix(3) == ["cherry", "sophia", "karen"])
        #expect(prompts[3].name.hasPrefix("cherry-"))
        #expect(prompts[4].name == "persona")
        let prompt = try await self.perform(.getPrompt(name: "karen", arguments: ["question": "Why?"])).get()
        guard case .prompt(_, let text) = prompt else { throw CancellationError() }
        #expect(text.contains("You are Karen"))
        #expect(text.hasSuffix("Why?"))
        guard case .resources(let resources) = try await self.perform(.listResources).get() else {
            throw CancellationError()
        }
        let read = try await self.perform(.readResource(uri: resources[1].uri)).get()
        guard case .contents(_, _, let contents) = read else { throw CancellationError() }
        #expect(contents.hasPrefix("# Sophia"))
        #expect(try await self.perform(.listPrompts, .none).get() == .prompts([]))
        for uri in ["cherry://personas/x", "file:///etc/passwd", "cherry://personas/\(RecordID.make())"] {
            let missing = try await self.perform(.readResource(uri: uri))
            #expect(throws: MCPFailure.self) { try missing.get() }
        }
    }
}
