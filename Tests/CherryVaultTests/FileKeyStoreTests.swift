import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryVault

@Suite("Key store in a file")
struct FileKeyStoreTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.path = self.folder.file("vault.json")
    }

    @Test("A header that was never saved reads as nil; a saved one reads as it is, until it is erased")
    func roundTrip() throws {
        let store = FileKeyStore(path: self.path)
        #expect(try store.load() == nil)
        try store.save(Data("one".utf8))
        #expect(try store.load() == Data("one".utf8))
        try store.save(Data("two, which is longer".utf8))
        #expect(try store.load() == Data("two, which is longer".utf8))
        try store.save(Data())
        #expect(try store.load() == Data())
        try store.erase()
        #expect(try store.load() == nil)
        try store.erase()
        #expect(try self.folder.contents.isEmpty)
    }

    @Test("The file is readable by its owner alone, whatever it was before")
    func permissions() throws {
        let store = FileKeyStore(path: self.path)
        try store.save(Data("one".utf8))
        #expect(try mode(of: self.path) == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: self.path)
        try store.save(Data("two".utf8))
        #expect(try mode(of: self.path) == 0o600)
        #expect(try self.folder.contents == ["vault.json"])
    }

    @Test(
        "A save that fails at any step leaves the old header or the new one, and nothing else",
        arguments: FileKeyStore.Step.allCases
    )
    func failingStep(step: FileKeyStore.Step) throws {
        struct Stop: Error {}
        try FileKeyStore(path: self.path).save(Data("old".utf8))
        let failing = FileKeyStore(path: self.path) { if $0 == step { throw Stop() } }
        let error = expectError(.unavailable) { try failing.save(Data("new".utf8)) }
        #expect(error?.hint?.contains("free space") == true)
        let expected = step == .syncDirectory ? "new" : "old"
        #expect(try FileKeyStore(path: self.path).load() == Data(expected.utf8))
        #expect(try self.folder.contents == ["vault.json"])
    }

    @Test("What a crash left behind is no obstacle and is never read")
    func leftover() throws {
        let store = FileKeyStore(path: self.path)
        try store.save(Data("old".utf8))
        try Data("half of a n".utf8).write(to: URL(filePath: self.path + ".new"))
        #expect(try store.load() == Data("old".utf8))
        try store.save(Data("new".utf8))
        #expect(try store.load() == Data("new".utf8))
        #expect(try self.folder.contents == ["vault.json"])
    }

    @Test("A link planted where the draft goes is replaced, not followed")
    func plantedLink() throws {
        let victim = self.folder.file("victim")
        try Data("untouched".utf8).write(to: URL(filePath: victim))
        try FileManager.default.createSymbolicLink(atPath: self.path + ".new", withDestinationPath: victim)
        try FileKeyStore(path: self.path).save(Data("new".utf8))
        #expect(try Data(contentsOf: URL(filePath: victim)) == Data("untouched".utf8))
        #expect(try FileKeyStore(path: self.path).load() == Data("new".utf8))
    }

    @Test("A file that is there and cannot be read is an error, not a missing vault")
    func unreadable() throws {
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
        expectError(.unavailable) { try FileKeyStore(path: self.path).load() }
        expectError(.unavailable) { try FileKeyStore(path: self.folder.file("missing/vault.json")).save(Data()) }
        #expect(try FileKeyStore(path: self.folder.file("missing/vault.json")).load() == nil)
    }

    @Test("A vault lives in a file; a damaged, newer or oversized file is left as it is", arguments: [0, 1, 2])
    func vaultInFile(damage: Int) async throws {
        let store = FileKeyStore(path: self.path)
        let vault = try Vault(keyStore: store, configuration: .testing)
        _ = try await vault.create(login: .fixture(1), kdf: .make())
        let restarted = try Vault(keyStore: store, configuration: .testing)
        try await restarted.unlock(.fixture(1))

        let sound = try Data(contentsOf: URL(filePath: self.path))
        let newer = String(decoding: sound, as: UTF8.self).replacing("\"version\":1", with: "\"version\":2")
        let damaged = [sound.dropLast(10), Data(newer.utf8), Data(count: VaultHeader.sizeLimit + 1)][damage]
        try damaged.write(to: URL(filePath: self.path))
        let code = [VaultError.Code.damagedHeader, .tooNew, .damagedHeader][damage]
        let error = expectError(code) { try Vault(keyStore: store, configuration: .testing) }
        #expect(error?.hint?.contains("left as it is") == true)
        #expect(try Data(contentsOf: URL(filePath: self.path)) == damaged)
    }
}
