import CherryCore
import CherryStore
import Foundation
import Testing

extension RecordStoreContract {
    static let writingChecks: [Check] = [
        Check("each write raises version and position") { open in
            let store = try await open()
            let first = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            let second = try await store.write(
                [Fixture.put(.messages, id: first.id, over: 1, content: "b")],
                digest: Fixture.ignore
            )[0]
            #expect(second.version == 2)
            #expect(second.position > first.position)
            #expect(try await store.read(.messages, first.id) == second)
        },
        Check("a write based on another version is a conflict that names what is there") { open in
            let store = try await open()
            let row = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            for version: Int64 in [0, 2, 9] {
                let error = await #expect(throws: StoreError.self) {
                    try await store.write(
                        [Fixture.put(.messages, id: row.id, over: version)],
                        digest: Fixture.ignore
                    )
                }
                #expect(error?.code == .conflict)
                #expect(error?.record == row.stamp)
            }
            #expect(try await store.read(.messages, row.id) == row)
        },
        Check("a new version of a row that is not there is a conflict") { open in
            let store = try await open()
            let error = await #expect(throws: StoreError.self) {
                try await store.write([Fixture.put(.messages, over: 3)], digest: Fixture.ignore)
            }
            #expect(error?.code == .conflict)
            #expect(error?.record?.version == 0)
        },
        Check("one conflict undoes the whole batch, digest and feed included") { open in
            let store = try await open()
            let row = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            let before = try await store.audit { _, _ in }.digests
            let fresh = Fixture.put(.messages)
            await #expect(throws: StoreError.self) {
                try await store.write(
                    [fresh, Fixture.put(.messages, id: row.id, over: 5), Fixture.put(.personas)],
                    digest: { _, _, _ in Data("changed".utf8) }
                )
            }
            #expect(try await store.read(.messages, fresh.id) == nil)
            #expect(try await store.counts() == [Fixture.key: 1])
            #expect(try await store.changes(since: row.position, limit: 10).records.isEmpty)
            #expect(try await store.audit { _, _ in }.digests == before)
        },
        Check("rows come back in the order of the batch") { open in
            let store = try await open()
            let writes = (0..<10).map { _ in Fixture.put(.messages) }.shuffled()
            let rows = try await store.write(writes, digest: Fixture.ignore)
            #expect(rows.map(\.id) == writes.map(\.id))
            #expect(rows.map(\.position) == rows.map(\.position).sorted())
        },
        Check("one batch may write the same row twice") { open in
            let store = try await open()
            let id = RecordID.make()
            let rows = try await store.write(
                [Fixture.put(.messages, id: id), Fixture.put(.messages, id: id, over: 1, content: "b")],
                digest: Fixture.ignore
            )
            #expect(rows.map(\.version) == [1, 2])
            #expect(try await store.read(.messages, id)?.sealed == Data("b".utf8))
            #expect(try await store.changes(since: 0, limit: 10).records == [rows[1]])
        },
        Check("a tombstone keeps scope and version, and no ciphertext") { open in
            let store = try await open()
            let scope = RecordID.make()
            let row = try await store.write([Fixture.put(.messages, scope: scope)], digest: Fixture.ignore)[0]
            let tombstone = try await store.write([Fixture.delete(row, at: 9)], digest: Fixture.ignore)[0]
            #expect(tombstone.isTombstone)
            #expect(tombstone.keyID == nil)
            #expect(tombstone.scope == scope)
            #expect(tombstone.version == 2)
            #expect(tombstone.changedAt == Fixture.time(9))
            #expect(try await store.read(.messages, row.id) == tombstone)
        },
        Check("a row can be written again over its tombstone, not over nothing") { open in
            let store = try await open()
            let row = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            try await store.write([Fixture.delete(row)], digest: Fixture.ignore)
            await #expect(throws: StoreError.self) {
                try await store.write([Fixture.put(.messages, id: row.id)], digest: Fixture.ignore)
            }
            let again = try await store.write(
                [Fixture.put(.messages, id: row.id, over: 2)],
                digest: Fixture.ignore
            )[0]
            #expect(again.version == 3)
            #expect(try await store.list(.messages, scope: nil, after: nil, limit: 9) == [again])
        },
        Check("of many writers of one row exactly one wins") { open in
            let store = try await open()
            let row = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            let wins = await withTaskGroup(of: Bool.self) { group in
                for writer in 0..<20 {
                    group.addTask {
                        let write = Fixture.put(.messages, id: row.id, over: 1, content: "\(writer)")
                        return (try? await store.write([write], digest: Fixture.ignore)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(wins == 1)
            #expect(try await store.read(.messages, row.id)?.version == 2)
        },
    ]
}
