import CherryCore
import Foundation
import Synchronization

extension SealedStore {
    /// Recomputes the digests over all rows, opens every row, and compares with what was sealed.
    ///
    /// - Parameter opensRecords: whether each record is opened too, which takes some microseconds each. The digests
    ///   alone show rows that were dropped, added or rolled back; opening shows ciphertexts that were changed.
    /// - Returns: how many records there are.
    /// - Throws: `StoreError` with code `.tampered` whose message names the record, or says how many are missing.
    @concurrent
    public func verify(openingRecords opensRecords: Bool = true) async throws -> Int {
        let present = Mutex<[KeyID: SetDigest]>([:])
        let audit = try await self.store.audit { [sealer] key, stamps in
            try present.withLock { digests in
                for stamp in stamps {
                    digests[key, default: SetDigest()].add(try Self.term(stamp, key, sealer), in: stamp.collection)
                }
            }
        }
        if let stray = audit.strays.first { throw try await self.describe(stray, of: audit.strays.count) }
        if opensRecords { try await self.openEverything() }

        let digests = present.withLock { $0 }
        try self.checkPresence(of: audit.digests, besides: digests)
        for key in Set(digests.keys).union(audit.digests.keys).sorted() {
            try await self.compare(digests[key] ?? SetDigest(), under: key, with: audit.digests)
        }
        return Int(digests.values.reduce(0) { $0 + $1.count })
    }

    private static func term(_ stamp: RecordStamp, _ key: KeyID, _ sealer: any RecordSealer) throws -> [UInt8] {
        do {
            return try sealer.digestTerm(for: stamp, key: key)
        } catch let error as any CherryError where !error.isSealed {
            throw StoreError.tampered(stamp, "is under a key that the vault does not have", underlying: error)
        }
    }

    /// Sees that no digest was dropped together with its rows.
    private func checkPresence(of sealed: [KeyID: Data], besides present: [KeyID: SetDigest]) throws {
        let active = try self.sealer.activeKey
        guard active.rawValue > 1, !sealed.isEmpty || !present.isEmpty else { return }
        let anyStamp = RecordStamp(collection: .audit, id: .make(), version: 0)
        for number in 1..<active.rawValue where sealed[KeyID(rawValue: number)] == nil {
            do {
                _ = try self.sealer.digestTerm(for: anyStamp, key: KeyID(rawValue: number))
            } catch let error as any CherryError where !error.isSealed {
                continue  // the vault no longer has this key: nothing can be under it
            }
            throw Self.digestMissing(KeyID(rawValue: number))
        }
    }

    private func compare(_ present: SetDigest, under key: KeyID, with sealed: [KeyID: Data]) async throws {
        guard let own = sealed[key] else { throw Self.digestMissing(key) }
        let written: SetDigest
        do {
            written = try Self.digest(own, of: key, by: self.sealer)
        } catch let error as any CherryError where error.codeName == "unknownKey" && present.count == 0 {
            return  // retired after a rotation
        }
        let next = KeyID(rawValue: written.movedTo)
        guard written.movedTo == 0 || sealed[next] != nil else { throw Self.digestMissing(next) }
        guard !written.countsSameRows(as: present) else { return }
        throw try await self.explain(written.difference(from: present), under: key)
    }

    static func digestMissing(_ key: KeyID) -> StoreError {
        .tampered("The digest of the records under key \(key.rawValue) is missing.")
    }

    /// Opens every row and reads where its content says it belongs.
    private func openEverything() async throws {
        for collection in RecordCollection.allCases {
            var after: RecordID?
            repeat {
                let rows = try await self.store.list(collection, scope: nil, after: after, limit: 500)
                for row in rows { try self.checkPlace(of: row) }
                after = rows.last?.id
            } while after != nil
        }
    }

    private func checkPlace(of row: StoredRecord) throws {
        struct Place: Decodable {
            let id: RecordID
            let conversationID: RecordID?
        }
        let plaintext = try self.plaintext(of: row)
        guard let sealed = row.sealed, try self.sealer.keyID(of: sealed) == row.keyID else {
            throw StoreError.tampered(row.stamp, "is listed under another key than its own")
        }
        let place: Place
        do {
            place = try JSONDecoder().decode(Place.self, from: plaintext)
        } catch {
            throw RecordCoder.undecodable(row, error)
        }
        guard place.id == row.id, place.conversationID == row.scope else {
            throw StoreError.tampered(row.stamp, "does not belong where it lies")
        }
    }

    /// Says what is wrong with a row on which the table and the feed disagree.
    private func describe(_ stray: RecordStamp, of count: Int) async throws -> StoreError {
        let more = count > 1 ? ", as are \(count - 1) others" : ""
        guard let row = try await self.store.read(stray.collection, stray.id) else {
            return .tampered(stray, "is missing\(more)")
        }
        if row.version < stray.version {
            return .tampered(stray, "was rolled back from version \(stray.version) to \(row.version)\(more)")
        }
        return .tampered(row.stamp, "was changed or added without the change feed\(more)")
    }

    /// Names the row that explains a difference, or says how many records are concerned.
    private func explain(_ missing: SetDigest, under key: KeyID) async throws -> StoreError {
        let present = Mutex<[RecordStamp]>([])
        _ = try await self.store.audit { other, stamps in
            if other == key { present.withLock { $0 += stamps } }
        }
        let search = TamperSearch(
            missing: missing,
            present: present.withLock { $0 },
            absent: missing.count == 1 ? try await self.stampsInFeed(notUnder: key) : [],
            term: { [sealer] in try sealer.digestTerm(for: $0, key: key) }
        )
        switch try search.run() {
        case .added(let stamp): return .tampered(stamp, "is there, but was deleted or never written")
        case .dropped(let stamp): return .tampered(stamp, "is missing")
        case .rolledBack(let stamp, let written):
            return .tampered(stamp, "was rolled back from version \(written) to \(stamp.version)")
        case nil: break
        }
        let counts = missing.counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { collection, count in
            "\(abs(count)) \(count > 0 ? "missing from" : "too many in") \(collection.rawValue)"
        }
        return .tampered(
            counts.isEmpty
                ? "Several records under key \(key.rawValue) are not at the versions that were written."
                : "Records under key \(key.rawValue) are not those that were written: \(counts.joined(separator: ", "))."
        )
    }

    private func stampsInFeed(notUnder key: KeyID) async throws -> [RecordStamp] {
        var stamps: [RecordStamp] = []
        var position: Int64 = 0
        while true {
            let page = try await self.store.changes(since: position, limit: 1000)
            stamps += page.records.filter { $0.keyID != key }.map(\.stamp)
            guard page.hasMore, page.next > position else { return stamps }
            position = page.next
        }
    }
}
