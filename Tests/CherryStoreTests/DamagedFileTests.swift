import CherryCore
import CherryStore
import CherryStoreSQLite
import CherryTesting
import Foundation
import Testing

@Suite("A damaged database either opens sound or is refused and left as it is")
struct DamagedFileTests {
    /// A closed database of some pages.
    private static func makeFile(in folder: TemporaryFolder) async throws -> Data {
        let path = folder.file("sound.sqlite")
        let store = try SQLiteRecordStore(path: path)
        let writes = (0..<60).map { index in
            RecordWrite(
                collection: .messages,
                id: .make(),
                scope: index % 2 == 0 ? .make() : nil,
                baseVersion: 0,
                keyID: KeyID(rawValue: 1),
                sealed: Data(repeating: UInt8(index), count: index * 20),
                changedAt: .now
            )
        }
        try await store.write(writes, digest: { _, _, _ in Data([1]) })
        try store.close()
        return try #require(FileManager.default.contents(atPath: path))
    }

    /// Opens `content` as a database, and uses it when it opens.
    ///
    /// - Returns: whether it opened.
    private static func tryOpening(_ content: Data, in folder: TemporaryFolder, _ comment: Comment) async throws -> Bool
    {
        let path = folder.file("damaged.sqlite")
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        try content.write(to: URL(fileURLWithPath: path))
        do {
            let store = try SQLiteRecordStore(path: path)
            try await store.checkIntegrity()
            _ = try await store.changes(since: 0, limit: 100)
            try store.close()
            return true
        } catch let error as StoreError {
            #expect(error.code == .damaged, comment)
            #expect(FileManager.default.contents(atPath: path) == content, comment)
            return false
        }
    }

    @Test("flipped bits")
    func flips() async throws {
        let folder = try TemporaryFolder()
        let sound = try await Self.makeFile(in: folder)
        #expect(try await Self.tryOpening(sound, in: folder, "as it was"))
        var refused = 0
        let offsets = Array(0..<100) + Array(stride(from: 100, to: sound.count, by: 211))
        for (index, offset) in offsets.enumerated() {
            var content = sound
            content[offset] ^= 1 << UInt8(index % 8)
            refused += try await Self.tryOpening(content, in: folder, "byte \(offset)") ? 0 : 1
        }
        #expect(refused > 20)
    }

    @Test("missing ends")
    func truncation() async throws {
        let folder = try TemporaryFolder()
        let sound = try await Self.makeFile(in: folder)
        for length in [1, 15, 16, 17, 99, 100, 512, 4095, 4096, 4097]
            + Array(stride(from: 6000, to: sound.count, by: 3001))
        {
            #expect(
                !(try await Self.tryOpening(sound.prefix(length), in: folder, "\(length) bytes")),
                "\(length) bytes"
            )
        }
    }
}
