public import CherryCore
public import CherryStore

extension Library {
    /// Marks a conversation as deleted; it can be restored until it is purged. Marking it again changes nothing.
    ///
    /// - Throws: `StoreError` with code `.notFound`.
    @discardableResult
    public func markDeleted(_ id: RecordID) async throws -> Versioned<Conversation> {
        if let known = try await self.store.get(Conversation.self, id), known.value.deletedAt != nil { return known }
        let now = self.clock.now
        return try await self.store.update(Conversation.self, id) { $0.deletedAt = $0.deletedAt ?? now }
    }

    /// Takes a deletion back. Restoring what is not deleted changes nothing.
    ///
    /// - Throws: `StoreError` with code `.notFound`.
    @discardableResult
    public func restore(_ id: RecordID) async throws -> Versioned<Conversation> {
        if let known = try await self.store.get(Conversation.self, id), known.value.deletedAt == nil { return known }
        return try await self.store.update(Conversation.self, id) { $0.deletedAt = nil }
    }

    /// Removes conversations that were marked as deleted before `time`, each with its messages in one transaction.
    ///
    /// - Returns: how many conversations went.
    @discardableResult
    public func purgeDeleted(before time: Timestamp) async throws -> Int {
        var purged = 0
        for conversation in try await self.catalog.list().all {
            guard let deletedAt = conversation.value.deletedAt, deletedAt < time else { continue }
            let id = conversation.value.id
            var batch = SealedBatch()
            for message in try await self.store.stamps(in: .messages, scope: id) {
                batch.delete(.messages, message.id, basedOn: message.version)
            }
            batch.delete(.conversations, id, basedOn: conversation.version)
            do {
                try await self.store.commit(batch)
                purged += 1
            } catch let error as StoreError where error.code == .conflict {
                continue  // it was restored, or something is still being written to it: the next purge looks again
            }
        }
        return purged
    }
}
