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
        to write: @escaping (Data) async throws -> Void
    ) async throws {
        let conversations = try await self.exported(conversation)
        var writer = PieceWriter(to: write)
        try await writer.append(
            #"{"format":"\#(ExportDocument.format)","version":\#(ExportDocument.version),"#
                + #""exportedAt":\#(self.clock.now.milliseconds),"conversations":["#
        )
        var list = JSONList()
        for conversation in conversations { try await list.append(conversation, to: &writer) }
        try await writer.append(#"],"messages":["#)
        list = JSONList()
        var personas: Set<RecordID> = Set(conversations.compactMap(\.personaID))
        for conversation in conversations {
            try await self.forEachMessage(of: conversation.id) { message in
                if let persona = message.personaID { personas.insert(persona) }
                try await list.append(message, to: &writer)
            }
        }
        try await writer.append(#"],"personas":["#)
        list = JSONList()
        for persona in try await self.store.list(Persona.self).map(\.value)
        where conversation == nil || personas.contains(persona.id) {
            try await list.append(persona, to: &writer)
        }
        try await writer.append(#"],"preferences":["#)
        if conversation == nil {
            list = JSONList()
            for preference in try await self.store.list(Preference.self) {
                try await list.append(preference.value, to: &writer)
            }
        }
        try await writer.append(#"],"providers":["#)
        if conversation == nil {
            list = JSONList()
            for provider in try await self.store.list(Provider.self) {
                try await list.append(provider.value, to: &writer)
            }
        }
        try await writer.append("]}\n")
        try await writer.flush()
    }

    /// Writes a document to read, piece by piece: of one conversation, or of all. The branch on show comes first, then
    /// the others, each from where it leaves what was shown before.
    ///
    /// - Throws: `AssistantError` with code `.notFound`; what `write` throws.
    public func exportMarkdown(
        of conversation: RecordID? = nil,
        to write: @escaping (Data) async throws -> Void
    ) async throws {
        let personas = try await self.store.list(Persona.self).map(\.value)
        let document = MarkdownDocument(personas: personas)
        var writer = PieceWriter(to: write)
        for (number, conversation) in try await self.exported(conversation).enumerated() {
            if number > 0 { try await writer.append(MarkdownDocument.separator) }
            try await writer.append(document.heading(of: conversation))
            let tree = try await self.catalog.tree(of: conversation.id)
            for (number, branch) in tree.branches(first: conversation.activeLeaf).enumerated() {
                if number > 0 { try await writer.append(document.heading(ofBranch: number)) }
                for start in stride(from: 0, to: branch.count, by: 200) {
                    let ids = Array(branch[start..<min(start + 200, branch.count)])
                    for message in try await self.store.get(Message.self, ids) {
                        try await writer.append(document.text(of: message.value))
                    }
                }
            }
        }
        try await writer.flush()
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

/// Writes the elements of a JSON array with the commas between them.
private struct JSONList {
    private var isEmpty = true
    private let encoder = JSONEncoder()

    init() { self.encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys] }

    mutating func append(_ value: some Encodable, to writer: inout PieceWriter) async throws {
        if !self.isEmpty { try await writer.append(",") }
        self.isEmpty = false
        try await writer.append("\n")
        try await writer.append(try self.encoder.encode(value))
    }
}
