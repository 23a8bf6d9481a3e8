public import CherryCore
import Metrics

/// A store whose operations are timed and whose failures are counted.
public struct MeasuredRecordStore: RecordStore {
    private struct Instruments {
        let duration: Timer
        let errors: Counter

        init(_ operation: String) {
            self.duration = Timer(
                label: "cherry_store_operation_duration_seconds",
                dimensions: [("operation", operation)]
            )
            self.errors = Counter(label: "cherry_store_errors_total", dimensions: [("operation", operation)])
        }

        func measure<Value>(_ body: () async throws -> Value) async throws -> Value {
            let start = ContinuousClock.now
            do {
                let value = try await body()
                self.duration.record(duration: .now - start)
                return value
            } catch {
                self.duration.record(duration: .now - start)
                // Two writers met: that is how they learn of each other.
                if (error as? StoreError)?.code != .conflict, !(error is CancellationError) { self.errors.increment() }
                throw error
            }
        }
    }

    private let base: any RecordStore
    private let reading = Instruments("read")
    private let listing = Instruments("list")
    private let following = Instruments("changes")
    private let writing = Instruments("write")
    private let maintenance = Instruments("maintenance")

    /// Measures what another store does.
    public init(_ base: any RecordStore) { self.base = base }

    public func read(_ collection: RecordCollection, _ id: RecordID) async throws -> StoredRecord? {
        try await self.reading.measure { try await self.base.read(collection, id) }
    }

    public func read(_ collection: RecordCollection, _ ids: [RecordID]) async throws -> [StoredRecord] {
        try await self.reading.measure { try await self.base.read(collection, ids) }
    }

    public func list(
        _ collection: RecordCollection,
        scope: RecordID?,
        after: RecordID?,
        limit: Int
    ) async throws -> [StoredRecord] {
        try await self.listing.measure {
            try await self.base.list(collection, scope: scope, after: after, limit: limit)
        }
    }

    public func records(notUnder active: KeyID, limit: Int) async throws -> [StoredRecord] {
        try await self.maintenance.measure { try await self.base.records(notUnder: active, limit: limit) }
    }

    public func counts() async throws -> [KeyID: Int] {
        try await self.maintenance.measure { try await self.base.counts() }
    }

    public func changes(since position: Int64, limit: Int) async throws -> ChangePage {
        try await self.following.measure { try await self.base.changes(since: position, limit: limit) }
    }

    public func position() async throws -> Int64 {
        try await self.following.measure { try await self.base.position() }
    }

    @discardableResult
    public func write(_ batch: [RecordWrite], digest: @escaping DigestUpdate) async throws -> [StoredRecord] {
        try await self.writing.measure { try await self.base.write(batch, digest: digest) }
    }

    public func audit(
        _ visit: @escaping @Sendable (KeyID, [RecordStamp]) throws -> Void
    ) async throws -> StoreAudit {
        try await self.maintenance.measure { try await self.base.audit(visit) }
    }

    public func checkIntegrity() async throws {
        try await self.maintenance.measure { try await self.base.checkIntegrity() }
    }

    public func purgeTombstones(before time: Timestamp) async throws {
        try await self.maintenance.measure { try await self.base.purgeTombstones(before: time) }
    }

    public func erase() async throws { try await self.maintenance.measure { try await self.base.erase() } }

    public func bytes() async throws -> Int64 { try await self.maintenance.measure { try await self.base.bytes() } }
}
