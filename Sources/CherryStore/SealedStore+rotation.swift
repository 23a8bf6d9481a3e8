import CherryCore
import Foundation

extension SealedStore {
    /// Moves up to `batchSize` records to the active key.
    ///
    /// Progress is what the store holds, so an interrupted rotation goes on where it stopped. A record that is written
    /// meanwhile is left out: that write has moved it, or a later call will.
    ///
    /// - Returns: how many records are still under other keys; 0 means that the old keys are not needed.
    @concurrent
    public func reseal(batchSize: Int) async throws -> Int {
        let active = try self.sealer.activeKey
        var rows = try await self.store.records(notUnder: active, limit: batchSize)
        while !rows.isEmpty {
            do {
                let writes = try rows.map(self.resealed)
                let stored = try await self.store.write(writes, digest: self.digestUpdate(addsRows: true))
                self.announce(stored)
                break
            } catch let error as StoreError where error.code == .conflict {
                rows.removeAll { $0.collection == error.record?.collection && $0.id == error.record?.id }
            } catch is KeyChanged {
                break  // another rotation began; what is left is counted against its key
            }
        }
        let now = try self.sealer.activeKey
        return try await self.store.counts().filter { $0.key != now }.values.reduce(0, +)
    }

    /// The next version of a row with the same content, under the active key.
    private func resealed(_ row: StoredRecord) throws -> RecordWrite {
        let address = RecordAddress(
            collection: row.collection,
            id: row.id,
            version: row.version + 1,
            schema: row.schema
        )
        let sealed = try self.sealer.seal(try self.plaintext(of: row), at: address)
        return RecordWrite(
            collection: row.collection,
            id: row.id,
            scope: row.scope,
            baseVersion: row.version,
            schema: row.schema,
            keyID: try self.sealer.keyID(of: sealed),
            sealed: sealed,
            changedAt: row.changedAt
        )
    }
}
