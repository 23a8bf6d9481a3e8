import CherryCore
import Foundation

/// One call of one of the server's own tools.
struct MCPToolCall {
    let server: MCPServer
    let grant: MCPGrant
    let client: MCPImplementation?
    let progress: @Sendable (Int) async -> Void

    /// Bytes of text that a conversation is answered with; what is older is left for the next call.
    private static let conversationBudget = 200_000

    /// Runs the tool `name`, which the token may use.
    ///
    /// - Returns: what came of it. A refusal of arguments and an error of the product's are outcomes too, so that the
    ///   model that called can do better.
    /// - Throws: `CancellationError`; what is not the product's own.
    func run(_ name: String, _ arguments: MCPArguments) async throws -> MCPToolOutcome {
        do {
            switch name {
            case "search_context": return try await self.search(arguments)
            case "get_context": return try await self.get(arguments)
            case "add_context": return try await self.add(arguments)
            case "list_conversations": return try await self.listConversations(arguments)
            case "get_conversation": return try await self.getConversation(arguments)
            default: return try await self.ask(arguments)
            }
        } catch let refusal as MCPArguments.Refusal {
            return MCPToolOutcome(failure: "invalid", refusal.message)
        } catch let error as any CherryError {
            return MCPToolOutcome(failure: error.codeName, error.message, hint: error.hint)
        }
    }

    private func search(_ arguments: MCPArguments) async throws -> MCPToolOutcome {
        var arguments = arguments
        let query = try arguments.text("query", atMost: MCPToolbox.queryLength)
        let kinds = try arguments.choices("kinds", of: MCPPassage.Kind.allCases)
        let limit = try arguments.integer("limit", in: MCPToolbox.searchLimit, default: 10)
        try arguments.finish()
        let found = try await self.server.context.search(query, kinds: Set(kinds), limit: limit)
        return MCPToolOutcome([
            "items": .array(found.items.map(\.json)), "indexing": .bool(found.isIndexing),
        ])
    }

    private func get(_ arguments: MCPArguments) async throws -> MCPToolOutcome {
        var arguments = arguments
        let id = try arguments.text("id", atMost: 100)
        try arguments.finish()
        switch MCPReference(id) {
        case .context, .message:
            guard let reference = MCPReference(id), let passage = try await self.server.context.passage(reference)
            else {
                break
            }
            return MCPToolOutcome(passage.json)
        case .conversation:
            return MCPToolOutcome(failure: "invalid", "This is a conversation.", hint: "Use get_conversation.")
        case .persona, nil: break
        }
        return MCPToolOutcome(
            failure: "notFound",
            "There is no such piece of context.",
            hint: "Use an id that search_context gave."
        )
    }

    private func add(_ arguments: MCPArguments) async throws -> MCPToolOutcome {
        var arguments = arguments
        let text = try arguments.text("text", atMost: MCPToolbox.textLength)
        let kind = try arguments.choice("kind", of: ContextItem.Kind.allCases) ?? .note
        let title = try arguments.optionalText("title", atMost: MCPToolbox.titleLength)
        try arguments.finish()
        let now = self.server.clock.now
        let item = ContextItem(
            kind: kind,
            title: title,
            text: text,
            origin: ContextItem.Origin(
                tokenID: self.grant.token.id,
                name: self.grant.token.name,
                client: self.client.map { String($0.name.prefix(100)) }
            ),
            createdAt: now
        )
        return MCPToolOutcome(try await self.server.context.add(item).json)
    }

    private func listConversations(_ arguments: MCPArguments) async throws -> MCPToolOutcome {
        var arguments = arguments
        let limit = try arguments.integer("limit", in: MCPToolbox.listLimit, default: 20)
        let before = try arguments.optionalText("before", atMost: 100).map { try Self.conversationID($0) }
        try arguments.finish()
        let page = try await self.server.context.conversations(before: before, limit: limit)
        return MCPToolOutcome(["items": .array(page.items.map(\.json)), "hasMore": .bool(page.hasMore)])
    }

    private func getConversation(_ arguments: MCPArguments) async throws -> MCPToolOutcome {
        var arguments = arguments
        let id = try Self.conversationID(try arguments.text("id", atMost: 100))
        let limit = try arguments.integer("limit", in: MCPToolbox.messageLimit, default: 50)
        let before = try arguments.optionalText("before", atMost: 100).map { text in
            guard case .message(let id) = MCPReference(text) else {
                throw MCPArguments.Refusal(message: "before must be the id of a message, as this tool gave it.")
            }
            return id
        }
        try arguments.finish()
        guard let page = try await self.server.context.conversation(id, before: before, limit: limit) else {
            return MCPToolOutcome(
                failure: "notFound",
                "There is no such conversation.",
                hint: "Use an id that list_conversations gave."
            )
        }
        var budget = Self.conversationBudget
        let kept = page.messages.reversed().prefix { message in
            budget -= message.content.utf8.count
            return budget >= 0
        }
        // One message is always told, however long.
        let messages = kept.isEmpty ? Array(page.messages.suffix(1)) : Array(kept.reversed())
        return MCPToolOutcome([
            "conversation": page.conversation.json,
            "messages": .array(messages.map(\.json)),
            "hasMore": .bool(page.hasMore || messages.count < page.messages.count),
        ])
    }

    private func ask(_ arguments: MCPArguments) async throws -> MCPToolOutcome {
        var arguments = arguments
        let mayRead = self.grant.mayRead
        let question = MCPQuestion(
            text: try arguments.text("question", atMost: MCPToolbox.textLength),
            persona: mayRead ? try arguments.optionalText("persona", atMost: 100) : nil,
            model: try arguments.optionalText("model", atMost: 200),
            usesContext: mayRead ? try arguments.bool("use_context", default: true) : false
        )
        try arguments.finish()
        let answer = try await self.server.context.ask(question, for: self.grant, progress: self.progress)
        var structured: JSONObject = ["answer": .string(answer.text), "model": .string(answer.model)]
        if let persona = answer.persona { structured["persona"] = .string(persona) }
        structured["sources"] = .array(answer.sources.map { .string($0.description) })
        return MCPToolOutcome(.object(structured), text: answer.text)
    }

    private static func conversationID(_ text: String) throws -> RecordID {
        guard case .conversation(let id) = MCPReference(text) else {
            throw MCPArguments.Refusal(
                message: "This is no conversation's id, which begins with cherry://conversations/"
            )
        }
        return id
    }
}

extension MCPPassage {
    fileprivate var json: JSONValue {
        var members: JSONObject = ["id": .string(self.reference.description), "kind": .string(self.kind.rawValue)]
        if let title { members["title"] = .string(title) }
        members["text"] = .string(self.text)
        members["createdAt"] = .string(self.createdAt.iso8601)
        members["author"] = .string(self.author)
        if let conversation { members["conversation"] = .string(MCPReference.conversation(conversation).description) }
        return .object(members)
    }
}

extension Conversation {
    fileprivate var json: JSONValue {
        [
            "id": .string(MCPReference.conversation(self.id).description), "title": .string(self.title),
            "createdAt": .string(self.createdAt.iso8601), "updatedAt": .string(self.updatedAt.iso8601),
        ]
    }
}

extension Message {
    fileprivate var json: JSONValue {
        [
            "id": .string(MCPReference.message(self.id).description), "role": .string(self.role.rawValue),
            "text": .string(self.content), "createdAt": .string(self.createdAt.iso8601),
        ]
    }
}

extension Timestamp {
    /// Such as `2026-11-24T12:30:00.000Z`.
    fileprivate var iso8601: String {
        self.date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
