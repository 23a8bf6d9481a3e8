import CherryAssistant
import CherryCore
import CherryStore
import Hummingbird

/// Asking: a message is sent, or a reply is made anew.
struct TurnsController: Sendable {
    private enum Kind: String, CaseIterable {
        case send, regenerate
    }

    private struct Started: Encodable {
        let user: Envelope<Message>?
        let reply: Envelope<Message>
        let conversation: Envelope<Conversation>
    }

    let assistant: Assistant

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.post("/api/v1/conversations/{id}/turns") { try await self.begin($0) }
    }

    private func begin(_ call: Call) async throws -> Response {
        let id = try call.id(of: "conversation")
        var fields = try await call.fields()
        var model: ModelReference?
        var personaID: RecordID?
        let kind = try fields.choice("kind", of: Kind.self)
        try fields.editModel("model").apply(to: &model)
        try fields.editID("personaID").apply(to: &personaID)
        let usesTools = try fields.optionalBool("usesTools") ?? true
        let start: TurnStart
        switch kind {
        case .send:
            var request = SendRequest(
                conversationID: id,
                messageID: try fields.id("messageID"),
                parentID: nil,
                content: try fields.text("content", .content),
                model: model,
                personaID: personaID,
                usesTools: usesTools
            )
            try fields.editID("parentID").apply(to: &request.parentID)
            try fields.finish()
            start = try await self.assistant.send(request)
        case .regenerate:
            let request = RegenerateRequest(
                conversationID: id,
                parentID: try fields.id("parentID"),
                model: model,
                personaID: personaID,
                usesTools: usesTools
            )
            try fields.finish()
            start = try await self.assistant.regenerate(request)
        }
        return .json(
            Started(
                user: start.user.map { Envelope($0) },
                reply: Envelope(start.reply),
                conversation: Envelope(start.conversation)
            ),
            status: .accepted
        )
    }
}
