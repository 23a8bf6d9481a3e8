import CherryBridge
import CherryCore
import CherryStore
import CherryVault

/// The change feed as the hub reads it: which records changed and, for whoever may know, what they say.
struct HubFeedReader: Sendable {
    let store: SealedStore
    let vault: Vault

    /// Longer values are left out of an event; the record can be asked for by its id.
    static let maximumValue = 256 << 10

    /// The positions that are reached from now on.
    var positions: AsyncStream<Int64> { self.store.positions() }

    /// The newest position.
    func position() async throws -> Int64 { try await self.store.position() }

    /// A stretch of the feed.
    ///
    /// - Throws: the store's error; the vault's while it is locked, also when no value is to be opened.
    func page(_ read: HubFeedRead) async throws -> HubFeedPage {
        guard self.vault.state.isUnlocked else { throw APIError.sealed }
        if read.wantsContent {
            let page = try await self.store.changes(since: read.since, limit: read.limit, in: read.collections)
            return HubFeedPage(
                since: read.since,
                changes: try page.changes.map { Self.change($0.record, value: try Self.value(of: $0)) },
                next: page.next,
                hasMore: page.hasMore,
                isStale: page.isStale
            )
        }
        let page = try await self.store.sealedChanges(since: read.since, limit: read.limit)
        return HubFeedPage(
            since: read.since,
            changes: page.records.filter { read.collections.contains($0.collection) }.map { Self.change($0) },
            next: page.next,
            hasMore: page.hasMore,
            isStale: page.isStale
        )
    }

    private static func value(of change: Change) throws -> JSONValue? {
        guard let plaintext = change.plaintext, plaintext.count <= self.maximumValue else { return nil }
        return try JSONValue(parsing: plaintext)
    }

    private static func change(_ record: StoredRecord, value: JSONValue? = nil) -> HubChange {
        HubChange(
            position: record.position,
            collection: record.collection,
            id: record.id,
            scope: record.scope,
            version: record.version,
            isDeleted: record.isTombstone,
            value: value
        )
    }
}
