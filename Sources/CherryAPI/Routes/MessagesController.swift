import CherryAssistant
import CherryCore
import CherryStore
import Hummingbird

/// Messages: a branch of a conversation, one of them, and a reply as it is written.
struct MessagesController: Sendable {
    private struct Page: Encodable {
        let items: [Envelope<Message>]
        let hasMore: Bool
        let leaf: RecordID?
        let branches: [String: [RecordID]]
    }

    let store: SealedStore
    let library: Library
    let assistant: Assistant
    let streams: EventStreams

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/conversations/{id}/messages") { try await self.list($0) }
        routes.get("/api/v1/messages/{id}") { call in
            try call.query().finish()
            let id = try call.id(of: "message")
            return .json(Envelope(try await self.store.require(Message.self, id, called: "message")))
        }
        routes.get("/api/v1/messages/{id}/events") { try await self.follow($0) }
        routes.post("/api/v1/messages/{id}/stop") { call in
            let id = try call.id(of: "message")
            _ = try await self.store.require(Message.self, id, called: "message")
            self.assistant.stop(reply: id)
            return .noContent()
        }
        routes.post("/api/v1/messages/{id}/tool-calls/{callID}") { call in
            let id = try call.id(of: "message")
            guard let callID = call.context.parameters.get("callID") else { throw APIError.notFound("call") }
            var fields = try await call.fields()
            let decision = try fields.choice("decision", of: ToolDecision.self)
            try fields.finish()
            try self.assistant.decide(decision, on: callID, of: id)
            return .noContent()
        }
    }

    private func list(_ call: Call) async throws -> Response {
        var query = try call.query()
        let leaf = try query.id("leaf")
        let before = try query.id("before")
        let limit = try query.integer("limit", in: 1...1000, default: 60)
        try query.finish()
        let id = try call.id(of: "conversation")
        let conversation = try await self.store.require(Conversation.self, id, called: "conversation")
        guard conversation.value.deletedAt == nil else { throw APIError.notFound("conversation") }
        let page = try await self.library.path(in: id, leaf: leaf, before: before, limit: Int(limit))
        return .json(
            Page(
                items: page.items.map { Envelope($0) },
                hasMore: page.hasMore,
                leaf: page.leaf,
                branches: Dictionary(uniqueKeysWithValues: page.branches.map { ($0.key.description, $0.value) })
            )
        )
    }

    private func follow(_ call: Call) async throws -> Response {
        var query = try call.query()
        let after = query.text("after")
        try query.finish()
        let asked = try after.map(Self.cursor)
        // A client that connects again by itself sends the header and the address it began with: the header is newer.
        // An empty one says that no event was read.
        let resumed = try call.request.headers[.lastEventID].flatMap { $0.isEmpty ? nil : try Self.cursor($0) }
        let cursor = resumed ?? asked ?? .start
        let id = try call.id(of: "reply")
        let message = try await self.store.require(Message.self, id, called: "reply")
        guard message.value.role == .assistant else { throw APIError.notFound("reply") }
        let assistant = self.assistant
        return try self.streams.response(to: call, encoder: ReplyEventEncoder(after: cursor), isActivity: true) {
            try await assistant.events(reply: id, after: cursor)
        }
    }

    private static func cursor(_ text: String) throws -> TurnCursor {
        guard let cursor = TurnCursor(eventID: text) else {
            throw APIError(.badRequest, "invalidEventID", "The event id is not one of this stream's.")
        }
        return cursor
    }
}
