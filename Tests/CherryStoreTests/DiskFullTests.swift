import CherryCore
import CherryStore
import CherryStoreSQLite
import CherryTesting
import Foundation
import Testing

@Suite("A full disk", .serialized)
struct DiskFullTests {
    @Test("stops writes with a clear error, loses nothing, and writing goes on when there is space again")
    func whileRunning() async throws {
        try await SmallVolume.with(megabytes: 16) { volume in
            try volume.fill(leaving: 6 << 20)
            let sealer = TestSealer()
            let path = volume.path + "/cherry.sqlite"
            let engine = try SQLiteRecordStore(path: path)
            let store = SealedStore(store: engine, sealer: sealer)
            var written: [Message] = []
            let failure = await #expect(throws: StoreError.self) {
                while true {
                    let message = Self.message()
                    try await store.put(message, basedOn: 0)
                    written.append(message)
                }
            }
            #expect(failure?.code == .diskFull)
            #expect(failure?.hint != nil)
            #expect(written.count > 10)
            try await Self.expect(written, in: store)

            let again = await #expect(throws: StoreError.self) { try await store.put(Self.message(), basedOn: 0) }
            #expect(again?.code == .diskFull)

            try volume.free()
            let late = Self.message()
            try await store.put(late, basedOn: 0)
            written.append(late)
            try await Self.expect(written, in: store)
            try engine.close()
            try await Self.expect(
                written,
                in: SealedStore(store: try SQLiteRecordStore(path: path), sealer: sealer)
            )
        }
    }

    @Test("at the start says so, and nothing is lost")
    func atStart() async throws {
        try await SmallVolume.with(megabytes: 16) { volume in
            let sealer = TestSealer()
            let path = volume.path + "/cherry.sqlite"
            let message = Self.message()
            do {
                let engine = try SQLiteRecordStore(path: path)
                try await SealedStore(store: engine, sealer: sealer).put(message, basedOn: 0)
                try engine.close()
            }
            try volume.fill(leaving: 0)
            let failure = #expect(throws: StoreError.self) { try SQLiteRecordStore(path: path) }
            #expect(failure?.code == .diskFull)
            let fresh = #expect(throws: StoreError.self) { try SQLiteRecordStore(path: volume.path + "/new.sqlite") }
            #expect(fresh?.code == .diskFull)
            try volume.free()
            let store = SealedStore(store: try SQLiteRecordStore(path: path), sealer: sealer)
            try await Self.expect([message], in: store)
        }
    }

    private static func message() -> Message {
        let noise = (0..<4000).map { _ in String(UInt32.random(in: .min ... .max), radix: 36) }.joined()
        return Message(conversationID: .make(), parentID: nil, role: .user, content: noise)
    }

    private static func expect(_ messages: [Message], in store: SealedStore) async throws {
        #expect(try await store.list(Message.self).map(\.value) == messages.sorted { $0.id < $1.id })
        #expect(try await store.verify() == messages.count)
        try await store.checkIntegrity()
    }
}
