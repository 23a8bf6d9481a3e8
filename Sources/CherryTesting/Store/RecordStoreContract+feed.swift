import CherryCore
import CherryStore
import Foundation
import Testing

extension RecordStoreContract {
    static let feedChecks: [Check] = [
        Check("the feed pages through rows in order of their last write, tombstones included") { open in
            let store = try await open()
            let rows = try await store.write((0..<9).map { _ in Fixture.put(.messages) }, digest: Fixture.ignore)
            try await store.write(
                [Fixture.put(.messages, id: rows[2].id, over: 1, content: "b")],
                digest: Fixture.ignore
            )
            try await store.write([Fixture.delete(rows[0])], digest: Fixture.ignore)
            var seen: [StoredRecord] = []
            var position: Int64 = 0
            while true {
                let page = try await store.changes(since: position, limit: 4)
                #expect(!page.isStale)
                seen += page.records
                #expect(page.next == page.records.last?.position ?? position)
                position = page.next
                guard page.hasMore else { break }
                #expect(page.records.count == 4)
            }
            #expect(seen.map(\.id) == [1, 3, 4, 5, 6, 7, 8, 2, 0].map { rows[$0].id })
            #expect(seen.last?.isTombstone == true)
            #expect(seen.map(\.position) == seen.map(\.position).sorted())
        },
        Check("the feed of nothing new is empty and keeps the position") { open in
            let store = try await open()
            #expect(try await store.changes(since: 0, limit: 10).next == 0)
            let row = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            let page = try await store.changes(since: row.position, limit: 10)
            #expect(page.records.isEmpty)
            #expect(page.next == row.position)
            #expect(!page.hasMore)
            #expect(!page.isStale)
        },
        Check("a reader that follows concurrent writers misses nothing") { open in
            let store = try await open()
            let (writers, writes) = (8, 25)
            let seen = try await withThrowingTaskGroup(of: [RecordID].self) { group in
                for _ in 0..<writers {
                    group.addTask {
                        var ids: [RecordID] = []
                        for _ in 0..<writes {
                            ids.append(try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0].id)
                        }
                        return ids
                    }
                }
                var followed: [RecordID] = []
                var position: Int64 = 0
                while followed.count < writers * writes {
                    let page = try await store.changes(since: position, limit: 7)
                    #expect(page.records.allSatisfy { $0.position > position })
                    followed += page.records.map(\.id)
                    position = page.next
                }
                let written = try await group.reduce(into: []) { $0 += $1 }
                #expect(Set(written) == Set(followed))
                return followed
            }
            #expect(seen.count == Set(seen).count)
        },
        Check("a reader behind a purge is told to start over, one that saw the tombstones is not") { open in
            let store = try await open()
            let rows = try await store.write((0..<3).map { _ in Fixture.put(.messages) }, digest: Fixture.ignore)
            let old = try await store.write([Fixture.delete(rows[0], at: 10)], digest: Fixture.ignore)[0]
            let young = try await store.write([Fixture.delete(rows[1], at: 20)], digest: Fixture.ignore)[0]
            try await store.purgeTombstones(before: Fixture.time(15))
            #expect(try await store.read(.messages, old.id) == nil)
            #expect(try await store.read(.messages, young.id) == young)
            let stale = try await store.changes(since: rows[2].position, limit: 10)
            #expect(stale.isStale)
            #expect(stale.records.isEmpty)
            #expect(stale.next == 0)
            #expect(try await store.changes(since: old.position, limit: 10).records == [young])
            let fromStart = try await store.changes(since: 0, limit: 10)
            #expect(!fromStart.isStale)
            #expect(fromStart.records == [rows[2], young])
        },
        Check("the newest position is that of the last write") { open in
            let store = try await open()
            #expect(try await store.position() == 0)
            let rows = try await Self.fill(store, count: 3)
            #expect(try await store.position() == rows.map(\.position).max())
            let last = try await store.write([Fixture.delete(rows[0])], digest: Fixture.ignore)[0]
            #expect(try await store.position() == last.position)
        },
        Check("a position that was never given is stale") { open in
            let store = try await open()
            let row = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            #expect(try await store.changes(since: row.position + 1, limit: 10).isStale)
        },
        Check("a position is never given twice, not even after a purge") { open in
            let store = try await open()
            let row = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            let tombstone = try await store.write([Fixture.delete(row)], digest: Fixture.ignore)[0]
            try await store.purgeTombstones(before: Fixture.time(100))
            let next = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            #expect(next.position > tombstone.position)
        },
    ]
}
