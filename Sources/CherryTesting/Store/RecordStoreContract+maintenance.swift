import CherryCore
import CherryStore
import Foundation
import Testing

extension RecordStoreContract {
    static let maintenanceChecks: [Check] = [
        Check("counts and records of other keys leave out tombstones and the active key") { open in
            let store = try await open()
            let keys = (1...3).map { KeyID(rawValue: $0) }
            let rows = try await store.write(
                keys.flatMap { key in (0..<4).map { _ in Fixture.put(.messages, key: key) } },
                digest: Fixture.ignore
            )
            try await store.write([Fixture.delete(rows[0])], digest: Fixture.ignore)
            #expect(try await store.counts() == [keys[0]: 3, keys[1]: 4, keys[2]: 4])
            let others = try await store.records(notUnder: keys[1], limit: 100)
            #expect(Set(others) == Set(rows[1..<4] + rows[8...]))
            #expect(try await store.records(notUnder: keys[1], limit: 2).count == 2)
        },
        Check("a sound store passes its own check and has a size") { open in
            let store = try await open()
            _ = try await Self.fill(store, count: 10)
            try await store.checkIntegrity()
            #expect(try await store.bytes() > 0)
        },
        Check("erase leaves nothing, and every reader of the feed finds its position stale") { open in
            let store = try await open()
            let rows = try await Self.fill(store, count: 10)
            let last = rows.map(\.position).max() ?? 0
            try await store.erase()
            #expect(try await store.counts().isEmpty)
            #expect(try await store.list(.messages, scope: nil, after: nil, limit: 10).isEmpty)
            #expect(try await store.audit { _, _ in }.digests.isEmpty)
            #expect(try await store.changes(since: 0, limit: 10).records.isEmpty)
            #expect(try await store.changes(since: last, limit: 10).isStale)
            let next = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            #expect(next.position > last)
            #expect(try await store.changes(since: 0, limit: 10).records == [next])
        },
        Check("a purge leaves young tombstones and live rows alone") { open in
            let store = try await open()
            let rows = try await Self.fill(store, count: 3)
            try await store.write([Fixture.delete(rows[0], at: 50)], digest: Fixture.ignore)
            try await store.purgeTombstones(before: Fixture.time(50))
            #expect(try await store.read(.messages, rows[0].id)?.isTombstone == true)
            #expect(try await store.counts() == [Fixture.key: 2])
            try await store.purgeTombstones(before: Fixture.time(51))
            #expect(try await store.read(.messages, rows[0].id) == nil)
            #expect(try await store.counts() == [Fixture.key: 2])
        },
    ]
}
