import CherryAssistant
import CherryCore
import CherryStore
import Foundation
import HTTPTypes
import Hummingbird

/// Conversations: the list, one of them, its export.
struct ConversationsController: Sendable {
    private struct Page: Encodable {
        let items: [Envelope<Conversation>]
        let hasMore: Bool
    }

    let store: SealedStore
    let library: Library
    let clock: WallClock

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/conversations") { try await self.list($0) }
        routes.post("/api/v1/conversations") { try await self.create($0) }
        routes.get("/api/v1/conversations/{id}") { call in
            try call.query().finish()
            return .json(Envelope(try await self.living(call)))
        }
        routes.patch("/api/v1/conversations/{id}") { try await self.change($0) }
        routes.delete("/api/v1/conversations/{id}") { call in
            let conversation = try await self.living(call)
            try await self.library.markDeleted(conversation.value.id)
            return .noContent()
        }
        routes.post("/api/v1/conversations/{id}/restore") { try await self.restore($0) }
        routes.add(Route(method: .get, template: "/api/v1/conversations/{id}/export", pace: .long)) {
            try await self.export($0)
        }
    }

    private func list(_ call: Call) async throws -> Response {
        var query = try call.query()
        let limit = try query.integer("limit", in: 1...500, default: 100)
        let before = try query.id("before")
        let includeDeleted = try query.flag("deleted")
        try query.finish()
        let page = try await self.library.conversations(
            before: before,
            limit: Int(limit),
            includeDeleted: includeDeleted
        )
        return .json(Page(items: page.items.map { Envelope($0) }, hasMore: page.hasMore))
    }

    private func create(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let now = self.clock.now
        let id = try fields.optionalID("id") ?? .make(at: now)
        let title = try fields.optionalText("title", .title)
        var conversation = Conversation(id: id, createdAt: now)
        if let title { (conversation.title, conversation.titleSource) = (title, .user) }
        try fields.editID("personaID").apply(to: &conversation.personaID)
        try fields.editModel("model").apply(to: &conversation.model)
        try fields.finish()
        let (record, isNew) = try await self.store.create(conversation)
        return .json(Envelope(record), status: isNew ? .created : .ok)
    }

    private func change(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let version = try fields.baseVersion()
        let title = try fields.optionalText("title", .title)
        let isPinned = try fields.optionalBool("isPinned")
        let personaID = try fields.editID("personaID")
        let model = try fields.editModel("model")
        let activeLeaf = try fields.optionalID("activeLeaf")
        let otherTitles = try fields.optionalTexts("otherTitles", .title, atMost: 20)
        try fields.finish()
        let current = try await self.living(call)
        if let activeLeaf {
            let leaf = try await self.store.get(Message.self, activeLeaf)
            guard leaf?.value.conversationID == current.value.id else { throw APIError.notFound("message") }
        }
        let changed = try await self.store.edit(current, basedOn: version) { conversation in
            if let title { (conversation.title, conversation.titleSource) = (title, .user) }
            if let isPinned { conversation.isPinned = isPinned }
            personaID.apply(to: &conversation.personaID)
            model.apply(to: &conversation.model)
            if let activeLeaf { conversation.activeLeaf = activeLeaf }
            if let otherTitles { conversation.otherTitles = otherTitles }
        }
        return .json(Envelope(changed))
    }

    private func restore(_ call: Call) async throws -> Response {
        let id = try call.id(of: "conversation")
        _ = try await self.store.require(Conversation.self, id, called: "conversation")
        return .json(Envelope(try await self.library.restore(id)))
    }

    private func export(_ call: Call) async throws -> Response {
        var query = try call.query()
        let format = try ExportFormat(parameter: query.text("format"))
        try query.finish()
        let id = try await self.living(call).value.id
        return format.response(named: "cherry-conversation", at: self.clock.now) { write in
            switch format {
            case .json: try await self.library.exportJSON(of: id, to: write)
            case .markdown: try await self.library.exportMarkdown(of: id, to: write)
            }
        }
    }

    /// The conversation in the path. One that is marked as deleted can only be restored.
    private func living(_ call: Call) async throws -> Versioned<Conversation> {
        let id = try call.id(of: "conversation")
        guard let conversation = try await self.store.get(Conversation.self, id),
            conversation.value.deletedAt == nil
        else { throw APIError.notFound("conversation") }
        return conversation
    }
}
