import CherryAssistant
import CherryCore
import CherryMemory
import CherryStore
import CherryStoreSQLite
import CherryVault
import Foundation
import Synchronization

/// A library over a real vault and an in-memory database, and shorthand to write into it as others do.
final class LibraryFixture: Sendable {
    let vault: Vault
    let store: SealedStore
    let index = LexicalIndex()
    let library: Library
    private let time = Mutex<Int64>(1_000_000)

    init() async throws {
        let vault = try await UnlockedSealer.make()
        self.vault = vault
        self.store = SealedStore(store: try SQLiteRecordStore.inMemory(), sealer: vault)
        self.library = Library(store: self.store, index: self.index, clock: WallClock { Timestamp(milliseconds: 5000) })
    }

    /// A second later each time.
    func tick() -> Timestamp {
        self.time.withLock { time in
            time += 1000
            return Timestamp(milliseconds: time)
        }
    }

    @discardableResult
    func conversation(_ title: String = "Title") async throws -> Conversation {
        let conversation = Conversation(title: title, createdAt: self.tick())
        try await self.store.put(conversation, basedOn: 0)
        return conversation
    }

    @discardableResult
    func message(
        _ content: String,
        in conversation: RecordID,
        after parent: RecordID? = nil,
        role: Message.Role = .user
    ) async throws -> Message {
        let message = Message(
            conversationID: conversation,
            parentID: parent,
            role: role,
            content: content,
            createdAt: self.tick()
        )
        try await self.store.put(message, basedOn: 0)
        return message
    }

    /// Messages that follow each other.
    @discardableResult
    func chain(_ count: Int, in conversation: RecordID, after parent: RecordID? = nil) async throws -> [Message] {
        var batch = SealedBatch()
        var messages: [Message] = []
        for number in 0..<count {
            let message = Message(
                conversationID: conversation,
                parentID: messages.last?.id ?? parent,
                role: number.isMultiple(of: 2) ? .user : .assistant,
                content: "message \(number)",
                createdAt: self.tick()
            )
            messages.append(message)
            try batch.put(message, basedOn: 0)
        }
        try await self.store.commit(batch)
        return messages
    }

    func exported(_ conversation: RecordID? = nil) async throws -> Data {
        var data = Data()
        try await self.library.exportJSON(of: conversation) { data.append($0) }
        return data
    }

    func markdown(_ conversation: RecordID? = nil) async throws -> String {
        var data = Data()
        try await self.library.exportMarkdown(of: conversation) { data.append($0) }
        return String(decoding: data, as: UTF8.self)
    }
}
