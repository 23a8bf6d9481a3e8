import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryVault

@Suite("Machine key")
struct MachineKeyTests {
    let folder: TemporaryFolder
    let keyPath: String
    let source: MachineKeySource

    init() throws {
        self.folder = try TemporaryFolder()
        for name in ["data", "keys", "credentials"] {
            let path = self.folder.file(name)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
        self.keyPath = self.folder.file("keys/machine")
        self.source = .keyFile(path: self.keyPath, dataDirectory: self.folder.file("data"))
    }

    @Test("Adding a slot makes the key file with mode 0600; the machine then unlocks by itself")
    func addAndUnlock() async throws {
        let fixture = try await VaultFixture.make()
        let address = RecordAddress(collection: .messages, id: .make(), version: 1)
        let sealed = try fixture.vault.seal(Data([1]), at: address)
        let id = try await fixture.vault.addMachineSlot(self.source)
        #expect(try mode(of: self.keyPath) == 0o600)
        #expect(try Data(contentsOf: URL(filePath: self.keyPath)).count == 32)
        #expect(fixture.vault.status.slots.last?.id == id)
        #expect(fixture.vault.status.slots.last?.kind == .machine)

        let vault = try fixture.restarted()
        try await vault.unlockWithMachineKey(self.source)
        #expect(try vault.open(sealed, at: address) == Data([1]))

        #expect(try await vault.addMachineSlot(self.source) == id, "the same key needs no second slot")
        #expect(vault.status.slots.count == 3)
        try vault.removeSlot(id)
        vault.lock()
        await expectError(.machineKeyUnavailable) { try await vault.unlockWithMachineKey(self.source) }
    }

    @Test("Nothing unlocks by machine key unless a slot was added, and nothing is made by trying")
    func optIn() async throws {
        let fixture = try await VaultFixture.make()
        fixture.vault.lock()
        await expectError(.machineKeyUnavailable) { try await fixture.vault.unlockWithMachineKey(self.source) }
        #expect(!FileManager.default.fileExists(atPath: self.keyPath))
        await expectError(.sealed) { try await fixture.vault.addMachineSlot(self.source) }
        #expect(!FileManager.default.fileExists(atPath: self.keyPath))
    }

    @Test("A key file that others can read is refused", arguments: [0o640, 0o604, 0o644, 0o660, 0o610, 0o601])
    func openToOthers(bits: Int) throws {
        try self.writeKey(self.keyPath, mode: bits)
        let error = expectError(.machineKeyUnavailable) { try self.source.read() }
        #expect(error?.message.contains("others") == true)
        #expect(error?.hint?.contains("chmod") == true)
    }

    @Test("A key file in the data directory is refused, through links too")
    func inData() throws {
        let data = self.folder.file("data")
        try FileManager.default.createDirectory(atPath: data + "/below", withIntermediateDirectories: false)
        let link = self.folder.file("elsewhere")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: data + "/below")
        for path in [data + "/machine", data + "/below/machine", link + "/machine", data + "/../data/machine"] {
            let source = MachineKeySource.keyFile(path: path, dataDirectory: data)
            let error = expectError(.machineKeyUnavailable) { try source.readOrMake() }
            #expect(error?.message.contains("data directory") == true)
            #expect(!FileManager.default.fileExists(atPath: path))
        }
        let beside = self.folder.file("data-keys")
        try FileManager.default.createDirectory(atPath: beside, withIntermediateDirectories: false)
        let source = MachineKeySource.keyFile(path: beside + "/machine", dataDirectory: data)
        #expect(try source.readOrMake().count == 32)
    }

    @Test("What is no key file is refused: a link, a folder, a wrong length, a missing folder")
    func noFile() throws {
        let data = self.folder.file("data")
        try self.writeKey(self.folder.file("keys/real"), mode: 0o600)
        try FileManager.default.createSymbolicLink(
            atPath: self.folder.file("keys/link"),
            withDestinationPath: self.folder.file("keys/real")
        )
        try self.writeKey(self.folder.file("keys/short"), mode: 0o600, count: 31)
        try self.writeKey(self.folder.file("keys/long"), mode: 0o600, count: 33)
        for name in ["keys/link", "keys/short", "keys/long", "keys", "nowhere/machine"] {
            let source = MachineKeySource.keyFile(path: self.folder.file(name), dataDirectory: data)
            expectError(.machineKeyUnavailable) { try source.readOrMake() }
        }
        #expect(
            try MachineKeySource.keyFile(path: self.folder.file("keys/real"), dataDirectory: data).read().count == 32
        )
    }

    @Test("A credential of the service manager works the same and is never made")
    func credential() async throws {
        let directory = self.folder.file("credentials")
        let source = MachineKeySource.systemdCredential(directory: directory, name: "cherry.machine")
        let fixture = try await VaultFixture.make()
        await expectError(.machineKeyUnavailable) { try await fixture.vault.addMachineSlot(source) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)

        try self.writeKey(directory + "/cherry.machine", mode: 0o440)
        _ = try await fixture.vault.addMachineSlot(source)
        let vault = try fixture.restarted()
        try await vault.unlockWithMachineKey(source)
        #expect(vault.state.isUnlocked)
        for name in ["", ".", "..", "../keys/machine", "a/b"] {
            let source = MachineKeySource.systemdCredential(directory: directory, name: name)
            expectError(.machineKeyUnavailable) { try source.read() }
        }
    }

    @Test("Another machine's key opens nothing")
    func otherKey() async throws {
        let fixture = try await VaultFixture.make()
        _ = try await fixture.vault.addMachineSlot(self.source)
        let other = MachineKeySource.keyFile(
            path: self.folder.file("keys/other"),
            dataDirectory: self.folder.file("data")
        )
        _ = try other.readOrMake()
        let vault = try fixture.restarted()
        await expectError(.machineKeyUnavailable) { try await vault.unlockWithMachineKey(other) }
        #expect(vault.state == .sealed)
    }

    private func writeKey(_ path: String, mode: Int, count: Int = 32) throws {
        try Data((0..<count).map { _ in UInt8.random(in: .min ... .max) }).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}
