public import CherryCore
import Foundation

/// Typed records over an engine that sees only ciphertext: seals on the way in, opens on the way out, and keeps the
/// digest of the set of rows in the same transaction as the rows.
///
/// Every method throws the sealer's own error (`isSealed`) while the vault is locked, `StoreError` otherwise. A row
/// that does not open where it lies is `tampered` and names the record.
public final class SealedStore: Sendable {
    let store: any RecordStore
    let sealer: any RecordSealer
    let clock: WallClock
    private let feed = PositionFeed()

    /// How often a write is tried again when something else changed the same record meanwhile.
    private static let attempts = 16

    /// Puts a sealer in front of an engine.
    public init(store: any RecordStore, sealer: any RecordSealer, clock: WallClock = .system) {
        self.store = store
        self.sealer = sealer
        self.clock = clock
    }

    /// One record, or `nil` when there is none or it was deleted.
    public func get<R: SealedRecord>(_: R.Type, _ id: RecordID) async throws -> Versioned<R>? {
        guard let row = try await self.store.read(R.collection, id), !row.isTombstone else { return nil }
        return try self.open(row)
    }

    /// Those of `ids` that exist, in the order of `ids`.
    @concurrent
    public func get<R: SealedRecord>(_: R.Type, _ ids: [RecordID]) async throws -> [Versioned<R>] {
        let rows = try await self.store.read(R.collection, ids)
        return try rows.filter { !$0.isTombstone }.map { try self.open($0) }
    }

    /// All records of a type in order of id; only those of `scope` when it is given.
    public func list<R: SealedRecord>(_: R.Type, scope: RecordID? = nil) async throws -> [Versioned<R>] {
        var all: [Versioned<R>] = []
        try await self.forEach(R.self, scope: scope, batch: 1000) { all += $0 }
        return all
    }

    /// The records of a type with an id after `after`, in order of id, at most `limit`.
    @concurrent
    public func list<R: SealedRecord>(_: R.Type, after: RecordID?, limit: Int) async throws -> [Versioned<R>] {
        try await self.store.list(R.collection, scope: nil, after: after, limit: limit).map { try self.open($0) }
    }

    /// Hands out all records of a type in order of id, `batch` at a time, so that memory stays bounded.
    ///
    /// Batches are read one after the other: a record that changes meanwhile is seen before or after its change.
    public func forEach<R: SealedRecord>(
        _: R.Type,
        scope: RecordID? = nil,
        batch: Int = 500,
        _ body: ([Versioned<R>]) async throws -> Void
    ) async throws {
        var after: RecordID?
        while true {
            let rows = try await self.store.list(R.collection, scope: scope, after: after, limit: batch)
            guard let last = rows.last else { return }
            try await body(try await self.openAll(rows))
            guard rows.count == batch else { return }
            after = last.id
        }
    }

    /// Stores one record.
    ///
    /// - Parameter version: the version that the writer saw; 0 makes the record, also where only a tombstone is left.
    /// - Throws: `StoreError` with code `.conflict` when the row is at another version.
    @discardableResult
    public func put<R: SealedRecord>(_ value: R, basedOn version: Int64) async throws -> Versioned<R> {
        var batch = SealedBatch()
        try batch.put(value, basedOn: version)
        return Versioned(value, storedAs: try await self.commit(batch)[0])
    }

    /// Reads, changes and stores one record; starts again when something else changed it meanwhile, so `change` may
    /// run more than once.
    ///
    /// - Throws: `StoreError` with code `.notFound`; what `change` throws.
    @discardableResult
    public func update<R: SealedRecord>(
        _: R.Type,
        _ id: RecordID,
        _ change: (inout R) throws -> Void
    ) async throws -> Versioned<R> {
        for attempt in 1... {
            guard let current = try await self.get(R.self, id) else { throw StoreError.notFound(R.collection, id) }
            var value = current.value
            try change(&value)
            do {
                return try await self.put(value, basedOn: current.version)
            } catch let error as StoreError where error.code == .conflict && attempt < Self.attempts {
                continue
            }
        }
        fatalError("the loop ends by returning or throwing")
    }

    /// Deletes one record and leaves a tombstone.
    ///
    /// - Parameter version: the version that the caller saw; `nil` deletes whatever is there.
    /// - Throws: `StoreError` with code `.conflict`, or `.notFound`.
    public func delete(_ collection: RecordCollection, _ id: RecordID, basedOn version: Int64? = nil) async throws {
        for attempt in 1... {
            guard let row = try await self.store.read(collection, id), !row.isTombstone else {
                throw StoreError.notFound(collection, id)
            }
            var batch = SealedBatch()
            batch.delete(collection, id, basedOn: version ?? row.version)
            do {
                try await self.commit(batch)
                return
            } catch let error as StoreError
                where error.code == .conflict && version == nil && attempt < Self.attempts
            {
                continue
            }
        }
    }

    /// Stores all of a batch in one transaction, or nothing.
    ///
    /// - Returns: the rows as stored, in the order of the batch.
    /// - Throws: `StoreError` with code `.conflict` and the record that was at another version.
    @discardableResult
    @concurrent
    public func commit(_ batch: SealedBatch) async throws -> [StoredRecord] {
        guard !batch.isEmpty else { return [] }
        var batch = batch
        var rebased = 0
        while true {
            do {
                let digest = self.digestUpdate(addsRows: batch.steps.contains { $0.plaintext != nil })
                let rows = try await self.store.write(try self.seal(batch), digest: digest)
                self.announce(rows)
                return rows
            } catch is KeyChanged {
                continue  // a rotation began between sealing and storing: seal again under the new key
            } catch let error as StoreError where error.code == .conflict {
                guard rebased < batch.count, try await self.rebase(&batch, after: error) else { throw error }
                rebased += 1
            }
        }
    }

    /// The change feed after position `since`, opened.
    ///
    /// - Parameter collections: only rows of these; the position moves past the others.
    @concurrent
    public func changes(
        since: Int64,
        limit: Int,
        in collections: Set<RecordCollection>? = nil
    ) async throws -> (changes: [Change], next: Int64, hasMore: Bool, isStale: Bool) {
        let page = try await self.store.changes(since: since, limit: limit)
        let rows = page.records.filter { collections?.contains($0.collection) ?? true }
        let changes = try rows.map { row in
            Change(record: row, plaintext: row.isTombstone ? nil : try self.plaintext(of: row))
        }
        return (changes, page.next, page.hasMore, page.isStale)
    }

    /// The value of a change; `nil` for a tombstone.
    public func value<R: SealedRecord>(_: R.Type, of change: Change) throws -> Versioned<R>? {
        guard let plaintext = change.plaintext else { return nil }
        return Versioned(try RecordCoder.decode(R.self, plaintext, from: change.record), storedAs: change.record)
    }

    /// The change feed after position `since`, still sealed: for readers that need few of the rows. `value` opens them.
    public func sealedChanges(since: Int64, limit: Int) async throws -> ChangePage {
        try await self.store.changes(since: since, limit: limit)
    }

    /// Opens one row of the feed; `nil` for a tombstone.
    public func value<R: SealedRecord>(_: R.Type, of row: StoredRecord) throws -> Versioned<R>? {
        row.isTombstone ? nil : try self.open(row)
    }

    /// The newest feed position; 0 when nothing was ever written. Works while the vault is locked.
    public func position() async throws -> Int64 { try await self.store.position() }

    /// A stream of the feed positions that writes through this store reach from now on. Bounded: a slow listener gets
    /// the newest.
    public func positions() -> AsyncStream<Int64> { self.feed.stream() }

    /// Forgets tombstones older than `time`; readers of the feed that have not seen them start over.
    public func purgeTombstones(before time: Timestamp) async throws {
        try await self.store.purgeTombstones(before: time)
    }

    /// Removes everything.
    public func erase() async throws { try await self.store.erase() }

    /// Checks the engine's own structures.
    ///
    /// - Throws: `StoreError` with code `.damaged`.
    public func checkIntegrity() async throws { try await self.store.checkIntegrity() }

    /// The size of the engine's files and the number of live records. Works while the vault is locked.
    public func statistics() async throws -> (bytes: Int64, records: Int) {
        (try await self.store.bytes(), try await self.store.counts().values.reduce(0, +))
    }

    /// How many live records each key seals. Works while the vault is locked.
    public func recordsByKey() async throws -> [KeyID: Int] { try await self.store.counts() }

    /// What the store knows of those of `ids` that it has, tombstones included, without opening anything.
    public func stamps(
        of ids: [RecordID],
        in collection: RecordCollection
    ) async throws -> [RecordID: (version: Int64, isTombstone: Bool)] {
        let rows = try await self.store.read(collection, ids)
        return Dictionary(rows.map { ($0.id, ($0.version, $0.isTombstone)) }, uniquingKeysWith: { first, _ in first })
    }

    /// The stamps of all live records of one scope, without opening anything.
    public func stamps(in collection: RecordCollection, scope: RecordID) async throws -> [RecordStamp] {
        var stamps: [RecordStamp] = []
        while true {
            let rows = try await self.store.list(collection, scope: scope, after: stamps.last?.id, limit: 1000)
            stamps += rows.map(\.stamp)
            guard rows.count == 1000 else { return stamps }
        }
    }

    func announce(_ rows: [StoredRecord]) {
        if let newest = rows.map(\.position).max() { self.feed.publish(newest) }
    }

    private func seal(_ batch: SealedBatch) throws -> [RecordWrite] {
        let now = self.clock.now
        return try batch.steps.map { step in
            let address = RecordAddress(collection: step.collection, id: step.id, version: step.baseVersion + 1)
            let sealed = try step.plaintext.map { try self.sealer.seal($0, at: address) }
            return RecordWrite(
                collection: step.collection,
                id: step.id,
                scope: step.scope,
                baseVersion: step.baseVersion,
                schema: address.schema,
                keyID: try sealed.map { try self.sealer.keyID(of: $0) },
                sealed: sealed,
                changedAt: now
            )
        }
    }

    /// Bases the step that found a tombstone where it expected nothing on that tombstone.
    private func rebase(_ batch: inout SealedBatch, after conflict: StoreError) async throws -> Bool {
        guard let stamp = conflict.record,
            let index = batch.steps.firstIndex(where: {
                $0.collection == stamp.collection && $0.id == stamp.id && $0.baseVersion == 0 && $0.plaintext != nil
            }),
            let row = try await self.store.read(stamp.collection, stamp.id), row.isTombstone
        else { return false }
        batch.rebase(index, onto: row.version)
        return true
    }
}

extension StoreError {
    static func notFound(_ collection: RecordCollection, _ id: RecordID) -> StoreError {
        StoreError(.notFound, message: "There is no such record in \(collection.rawValue).")
    }
}
