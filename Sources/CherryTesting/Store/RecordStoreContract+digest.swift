import CherryCore
import CherryStore
import Foundation
import Synchronization
import Testing

extension RecordStoreContract {
    static let digestChecks: [Check] = [
        Check("the digest of each key is asked for once a batch, with what the batch did") { open in
            let store = try await open()
            let (old, new) = (KeyID(rawValue: 1), KeyID(rawValue: 2))
            let log = DigestLog()
            let rows = try await store.write(
                [Fixture.put(.messages, key: old), Fixture.put(.personas, key: old)],
                digest: log.update
            )
            #expect(
                log.calls == [.init(key: old, before: nil, change: DigestChange(added: rows.map(\.stamp)))]
            )
            let moved = try await store.write(
                [Fixture.put(.messages, id: rows[0].id, over: 1, key: new), Fixture.delete(rows[1])],
                digest: log.update
            )
            #expect(
                Array(log.calls.dropFirst()) == [
                    .init(
                        key: old,
                        before: Data("+2-0".utf8),
                        change: DigestChange(removed: rows.map(\.stamp))
                    ),
                    .init(key: new, before: nil, change: DigestChange(added: [moved[0].stamp])),
                ]
            )
            let audit = try await store.audit { _, _ in }
            #expect(audit.digests == [old: Data("+2-0+0-2".utf8), new: Data("+1-0".utf8)])
        },
        Check("what the digest closure throws undoes the write and arrives as it was thrown") { open in
            let store = try await open()
            let write = Fixture.put(.messages)
            await #expect(throws: Refused.self) {
                try await store.write([write], digest: { _, _, _ in throw Refused() })
            }
            #expect(try await store.read(.messages, write.id) == nil)
            #expect(try await store.changes(since: 0, limit: 1).records.isEmpty)
            #expect(try await store.audit { _, _ in }.digests.isEmpty)
        },
        Check("an audit hands out every live stamp by key and finds no strays in what was only written") { open in
            let store = try await open()
            let (one, two) = (KeyID(rawValue: 1), KeyID(rawValue: 2))
            let rows = try await store.write(
                (0..<3000).map { Fixture.put(.messages, key: $0 % 3 == 0 ? one : two) },
                digest: Fixture.ignore
            )
            try await store.write([Fixture.delete(rows[0]), Fixture.delete(rows[1])], digest: Fixture.ignore)
            let seen = Mutex<[KeyID: Set<RecordStamp>]>([:])
            let audit = try await store.audit { key, stamps in
                seen.withLock { $0[key, default: []].formUnion(stamps) }
            }
            #expect(audit.strays.isEmpty)
            let expected = rows.dropFirst(2).reduce(into: [KeyID: Set<RecordStamp>]()) { sets, row in
                sets[row.keyID ?? one, default: []].insert(row.stamp)
            }
            #expect(seen.withLock { $0 } == expected)
        },
        Check("what an audit's visitor throws arrives as it was thrown") { open in
            let store = try await open()
            try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)
            await #expect(throws: Refused.self) { try await store.audit { _, _ in throw Refused() } }
        },
        Check("an audit sees one moment while others write") { open in
            let store = try await open()
            let counter: DigestUpdate = { _, sealed, change in
                let before = sealed.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
                return Data("\(before + change.added.count - change.removed.count)".utf8)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<20 { try await store.write([Fixture.put(.messages)], digest: counter) }
                    }
                }
                for _ in 0..<20 {
                    let seen = Mutex(0)
                    let audit = try await store.audit { _, stamps in seen.withLock { $0 += stamps.count } }
                    let digest = audit.digests[Fixture.key].map { String(decoding: $0, as: UTF8.self) } ?? "0"
                    #expect(digest == "\(seen.withLock { $0 })")
                    #expect(audit.strays.isEmpty)
                }
                try await group.waitForAll()
            }
        },
    ]
}
