import CherryCore
import Foundation

/// Holds a document to what the product itself would have written, before any of it is stored.
///
/// Pure: what the store has already is given. Findings name the item by its place in the file and hold no content.
struct ImportCheck {
    /// The conversation of each message that the store has and the document refers to.
    let knownMessages: [RecordID: RecordID]
    /// Conversations that the store has.
    let knownConversations: Set<RecordID>

    /// 0 to the end of the year 9999.
    private static let times: ClosedRange<Int64> = 0...253_402_300_799_999
    private static let builtIn = Set(Persona.builtIn().map(\.id))

    /// - Throws: `AssistantError` with code `.invalid`, which names the first bad item.
    func run(_ document: ExportDocument) throws {
        try Self.each(document.conversations, "conversations", \.id, self.complaint(about:))
        try Self.each(document.personas, "personas", \.id, self.complaint(about:))
        try Self.each(document.context, "context", \.id, self.complaint(about:))
        try Self.each(document.preferences, "preferences", \.id, self.complaint(about:))
        try Self.each(document.providers, "providers", \.id, self.complaint(about:))
        let conversations = self.knownConversations.union(document.conversations.map(\.id))
        let messages = Dictionary(
            document.messages.map { ($0.id, $0.conversationID) },
            uniquingKeysWith: { first, _ in first }
        ).merging(self.knownMessages) { _, known in known }
        try Self.each(document.messages, "messages", \.id) { message in
            guard conversations.contains(message.conversationID) else {
                return "belongs to a conversation that is neither in the file nor here"
            }
            if let known = self.knownMessages[message.id], known != message.conversationID {
                return "has the id of a message of another conversation"
            }
            if let parent = message.parentID, messages[parent] != message.conversationID {
                return "follows a message that is not in its conversation"
            }
            return self.complaint(about: message)
        }
        try self.checkCycles(document.messages)
    }

    private func complaint(about conversation: Conversation) -> String? {
        if conversation.title.isEmpty || conversation.title.count > 1000 {
            return "has no title or one that is too long"
        }
        let times = [conversation.createdAt, conversation.updatedAt, conversation.deletedAt ?? conversation.createdAt]
        return Self.areReasonable(times) ? nil : "has a time that cannot be"
    }

    private func complaint(about message: Message) -> String? {
        guard Self.areReasonable([message.createdAt]) else { return "has a time that cannot be" }
        guard let metrics = message.metrics else { return nil }
        let numbers = [
            metrics.promptTokens.map(Int64.init), metrics.completionTokens.map(Int64.init),
            metrics.firstTokenMilliseconds, metrics.totalMilliseconds, Int64(metrics.omittedMessages),
        ]
        return numbers.allSatisfy { (0...(1 << 53)).contains($0 ?? 0) } ? nil : "has figures that cannot be"
    }

    private func complaint(about persona: Persona) -> String? {
        if persona.name.isEmpty || persona.name.count > 200 { return "has no name or one that is too long" }
        if let temperature = persona.temperature, !(0...2).contains(temperature) {
            return "has a temperature beyond 0 to 2"
        }
        if persona.isBuiltIn != Self.builtIn.contains(persona.id) { return "is wrong about being built in" }
        return Self.areReasonable([persona.createdAt, persona.updatedAt]) ? nil : "has a time that cannot be"
    }

    private func complaint(about item: ContextItem) -> String? {
        if item.text.isEmpty || item.text.unicodeScalars.count > 200_000 {
            return "has no text or one that is too long"
        }
        let names = [item.title, item.origin.name, item.origin.client].compactMap { $0 }
        if names.contains(where: { $0.isEmpty || $0.count > 200 }) { return "has a name that is empty or too long" }
        return Self.areReasonable([item.createdAt, item.updatedAt]) ? nil : "has a time that cannot be"
    }

    private func complaint(about preference: Preference) -> String? {
        if preference.key.isEmpty || preference.key.utf8.count > 64 { return "has no key or one that is too long" }
        if preference.id != Preference.id(for: preference.key) { return "has an id that is not that of its key" }
        return Self.areReasonable([preference.updatedAt]) ? nil : "has a time that cannot be"
    }

    private func complaint(about provider: Provider) -> String? {
        if provider.id == ModelReference.localProvider { return "has the id of the local model" }
        if provider.name.isEmpty || provider.name.count > 200 { return "has no name or one that is too long" }
        let url = URL(string: provider.baseURL)
        guard let scheme = url?.scheme, ["http", "https"].contains(scheme), url?.host?.isEmpty == false else {
            return "has an address that is not one of the web"
        }
        if let length = provider.contextLength, !(1...(1 << 31)).contains(length) {
            return "has a context length that cannot be"
        }
        return Self.areReasonable([provider.createdAt, provider.updatedAt]) ? nil : "has a time that cannot be"
    }

    /// A message must not follow itself, however far back.
    private func checkCycles(_ messages: [Message]) throws {
        let parents = Dictionary(messages.map { ($0.id, $0.parentID) }, uniquingKeysWith: { first, _ in first })
        var sound: Set<RecordID> = []
        for (index, message) in messages.enumerated() {
            var walk: Set<RecordID> = []
            var next: RecordID? = message.id
            while let id = next, parents[id] != nil, !sound.contains(id) {
                guard walk.insert(id).inserted else { throw Self.invalid("messages", index, "follows itself") }
                next = parents[id] ?? nil
            }
            sound.formUnion(walk)
        }
    }

    private static func each<Item>(
        _ items: [Item],
        _ collection: String,
        _ id: KeyPath<Item, RecordID>,
        _ complaint: (Item) -> String?
    ) throws {
        var ids: Set<RecordID> = []
        for (index, item) in items.enumerated() {
            guard ids.insert(item[keyPath: id]).inserted else {
                throw self.invalid(collection, index, "is there twice")
            }
            if let complaint = complaint(item) { throw self.invalid(collection, index, complaint) }
        }
    }

    private static func areReasonable(_ times: [Timestamp]) -> Bool {
        times.allSatisfy { self.times.contains($0.milliseconds) }
    }

    private static func invalid(_ collection: String, _ index: Int, _ complaint: String) -> AssistantError {
        AssistantError(
            .invalid,
            message: "\(collection)[\(index)] \(complaint). Nothing was imported.",
            hint: "Import a file that this program exported, unchanged."
        )
    }
}
