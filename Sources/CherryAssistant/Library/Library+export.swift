public import CherryCore
import CherryStore
public import Foundation

extension Library {
    /// Writes the JSON export piece by piece, so that memory stays bounded: of one conversation with the personas in it,
    /// or of everything but credentials and what was deleted.
    ///
    /// - Throws: `AssistantError` with code `.notFound`; what `write` throws.
    public func exportJSON(
        of conversation: RecordID? = nil,
        to write: (Data) async throws -> Void
    ) async throws {
        let conversations = try await self.exported(conversation)
        var writer = PieceWriter()
        try await writer.append(
            #"{"format":"\#(ExportDocument.format)","version":\#(ExportDocument.version),"#
                + #""exportedAt":\#(self.clock.now.milliseconds),"conversations":["#,
            to: write
        )
        var list = JSONListEncoder()
        for conversation in conversations { try await writer.append(try list.next(conversation), to: write) }
        try await writer.append(#"],"messages":["#, to: write)
        list = JSONListEncoder()
        var personas: Set<RecordID> = Set(conversations.compactMap(\.personaID))
        for conversation in conversations {
            try await self.forEachMessage(of: conversation.id) { message in
                if let persona = message.personaID { personas.insert(persona) }
                try await writer.append(try list.next(message), to: write)
            }
        }
        try await writer.append(#"],"personas":["#, to: write)
        list = JSONListEncoder()
        for persona in try await self.store.list(Persona.self).map(\.value)
        where conversation == nil || personas.contains(persona.id) {
            try await writer.append(try list.next(persona), to: write)
        }
        try await writer.append(#"],"context":["#, to: write)
        if conversation == nil {
            list = JSONListEncoder()
            try await self.store.forEach(ContextItem.self, batch: 200) { items in
                for item in items { try await writer.append(try list.next(item.value), to: write) }
            }
        }
        try await writer.append(#"],"preferences":["#, to: write)
        if conversation == nil {
            list = JSONListEncoder()
            for preference in try await self.store.list(Preference.self) {
                try await writer.append(try list.next(preference.value), to: write)
            }
        }
        try await writer.append(#"],"providers":["#, to: write)
        if conversation == nil {
            list = JSONListEncoder()
            for provider in try await self.store.list(Provider.self) {
                try await writer.append(try list.next(provider.value), to: write)
            }
        }
        try await writer.append("]}\n", to: write)
        try await writer.flush(to: write)
    }

    /// Writes a document to read, piece by piece: of one conversation, or of all. The branch on show comes first, then
    /// the others, each from where it leaves what was shown before.
    ///
    /// - Throws: `AssistantError` with code `.notFound`; what `write` throws.
    public func exportMarkdown(
        of conversation: RecordID? = nil,
        to write: (Data) async throws -> Void
    ) async throws {
        let personas = try await self.store.list(Persona.self).map(\.value)
        let document = MarkdownDocument(personas: personas)
        var writer = PieceWriter()
        for (number, conversation) in try await self.exported(conversation).enumerated() {
            if number > 0 { try await writer.append(MarkdownDocument.separator, to: write) }
            try await writer.append(document.heading(of: conversation), to: write)
            let tree = try await self.catalog.tree(of: conversation.id)
            for (number, branch) in tree.branches(first: conversation.activeLeaf).enumerated() {
                if number > 0 { try await writer.append(document.heading(ofBranch: number), to: write) }
                for start in stride(from: 0, to: branch.count, by: 200) {
                    let ids = Array(branch[start..<min(start + 200, branch.count)])
                    for message in try await self.store.get(Message.self, ids) {
                        try await writer.append(document.text(of: message.value), to: write)
                    }
                }
            }
        }
        try await writer.flush(to: write)
    }

    private func exported(_ id: RecordID?) async throws -> [Conversation] {
        let list = try await self.catalog.list()
        guard let id else { return list.all.map(\.value).filter { $0.deletedAt == nil } }
        guard let conversation = list[id]?.value, conversation.deletedAt == nil else { throw Self.noSuchConversation }
        return [conversation]
    }

    private func forEachMessage(of conversation: RecordID, _ body: (Message) async throws -> Void) async throws {
        try await self.store.forEach(Message.self, scope: conversation, batch: 200) { messages in
            for message in messages { try await body(message.value) }
        }
    }
}
