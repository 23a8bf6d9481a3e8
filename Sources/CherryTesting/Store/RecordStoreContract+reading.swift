import CherryCore
import CherryStore
import Foundation
import Testing

extension RecordStoreContract {
    static let readingChecks: [Check] = [
        Check("a row reads as it was written") { open in
            let store = try await open()
            let scope = RecordID.make()
            let write = Fixture.put(.messages, scope: scope, content: "abc", at: 42)
            let row = try await store.write([write], digest: Fixture.ignore)[0]
            #expect(row.collection == .messages)
            #expect(row.id == write.id)
            #expect(row.scope == scope)
            #expect(row.version == 1)
            #expect(row.position > 0)
            #expect(row.changedAt == Fixture.time(42))
            #expect(row.schema == 3)
            #expect(row.keyID == Fixture.key)
            #expect(row.sealed == Data("abc".utf8))
            #expect(try await store.read(.messages, write.id) == row)
        },
        Check("the same id in another collection is another row") { open in
            let store = try await open()
            let row = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            #expect(try await store.read(.personas, row.id) == nil)
            try await store.write([Fixture.put(.personas, id: row.id, content: "other")], digest: Fixture.ignore)
            #expect(try await store.read(.messages, row.id) == row)
        },
        Check("an unknown id reads as nil") { open in
            let store = try await open()
            #expect(try await store.read(.messages, .make()) == nil)
        },
        Check("several ids are read in the order asked, without those that are unknown") { open in
            let store = try await open()
            let rows = try await Self.fill(store, count: 3)
            try await store.write([Fixture.delete(rows[1])], digest: Fixture.ignore)
            let found = try await store.read(.messages, [rows[2].id, .make(), rows[0].id, rows[1].id])
            #expect(found.map(\.id) == [rows[2].id, rows[0].id, rows[1].id])
            #expect(found.map(\.isTombstone) == [false, false, true])
        },
        Check("empty ciphertext is not a tombstone") { open in
            let store = try await open()
            let row = try await store.write([Fixture.put(.audit, content: "")], digest: Fixture.ignore)[0]
            #expect(try await store.read(.audit, row.id)?.isTombstone == false)
        },
        Check("a list pages through one collection in order of id, without tombstones") { open in
            let store = try await open()
            var rows = try await Self.fill(store, count: 25)
            try await store.write([Fixture.put(.personas)], digest: Fixture.ignore)
            try await store.write([Fixture.delete(rows[7])], digest: Fixture.ignore)
            rows.remove(at: 7)
            var paged: [StoredRecord] = []
            while true {
                let page = try await store.list(.messages, scope: nil, after: paged.last?.id, limit: 10)
                #expect(page.count <= 10)
                guard !page.isEmpty else { break }
                paged += page
            }
            #expect(paged == rows)
        },
        Check("a list of one scope holds only its rows, in order of id") { open in
            let store = try await open()
            let (mine, other) = (RecordID.make(), RecordID.make())
            let writes = (0..<20).map { Fixture.put(.messages, scope: $0 % 2 == 0 ? mine : other) }
            let rows = try await store.write(writes, digest: Fixture.ignore)
            try await store.write([Fixture.delete(rows[0])], digest: Fixture.ignore)
            let expected = rows.filter { $0.scope == mine }.dropFirst().sorted { $0.id < $1.id }
            let first = try await store.list(.messages, scope: mine, after: nil, limit: 4)
            let second = try await store.list(.messages, scope: mine, after: first.last?.id, limit: 100)
            #expect(first + second == expected)
            #expect(try await store.list(.conversations, scope: mine, after: nil, limit: 10).isEmpty)
        },
    ]
}
