import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryVault

@Suite("Operations key")
struct OperationsKeyTests {
    let folder: TemporaryFolder
    let path: String
    let source: MachineKeySource

    private static let address = OperationsAddress.journal(
        id: 7,
        lane: 0,
        position: 41,
        kind: 1,
        at: Timestamp(milliseconds: 1_700_000_000_000)
    )

    init() throws {
        self.folder = try TemporaryFolder()
        let data = self.folder.file("data")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
        self.path = self.folder.file("config/cherry/operations.key")
        self.source = .keyFile(path: self.path, dataDirectory: data)
    }

    @Test("The first use makes the key file with mode 0600 and its folder, and later uses open what was sealed")
    func makesItsFile() throws {
        let sealed = try OperationsKey(self.source).seal([1, 2, 3], at: Self.address)
        var attributes = stat()
        #expect(stat(self.path, &attributes) == 0 && attributes.st_mode & 0o777 == 0o600 && attributes.st_size == 32)
        #expect(try OperationsKey(self.source).open(sealed, at: Self.address) == [1, 2, 3])
    }

    @Test("Nothing opens at another address, after a flipped bit, cut off, or under another key")
    func bound() throws {
        let key = try OperationsKey(self.source)
        let sealed = try key.seal([1, 2, 3], at: Self.address)
        let at = Timestamp(milliseconds: 1_700_000_000_000)
        let others: [OperationsAddress] = [
            .journal(id: 8, lane: 0, position: 41, kind: 1, at: at),
            .journal(id: 7, lane: 1, position: 41, kind: 1, at: at),
            .journal(id: 7, lane: 0, position: 42, kind: 1, at: at),
            .journal(id: 7, lane: 0, position: 41, kind: 2, at: at),
            .journal(id: 7, lane: 0, position: 41, kind: 1, at: at + .milliseconds(1)),
            .credential(name: "7"),
        ]
        for other in others { #expect(throws: VaultError.self) { try key.open(sealed, at: other) } }
        for index in sealed.indices {
            var damaged = sealed
            damaged[index] ^= 1
            let failure = #expect(throws: VaultError.self) { try key.open(damaged, at: Self.address) }
            #expect(failure?.isTampered == true)
        }
        for count in 0..<sealed.count {
            #expect(throws: VaultError.self) { try key.open(Array(sealed.prefix(count)), at: Self.address) }
        }
        let stranger = OperationsKey(key: SecretBytes([UInt8](repeating: 9, count: 32)))
        #expect(throws: VaultError.self) { try stranger.open(sealed, at: Self.address) }
    }

    @Test("A key file that others can read, or that lies in the data directory, is refused")
    func unsafePlaces() throws {
        _ = try OperationsKey(self.source)
        chmod(self.path, 0o640)
        #expect(throws: VaultError.self) { try OperationsKey(self.source) }
        let data = self.folder.file("data")
        #expect(throws: VaultError.self) {
            try OperationsKey(.keyFile(path: data + "/operations.key", dataDirectory: data))
        }
    }

    @Test("It says nothing of itself")
    func redacted() throws {
        let key = OperationsKey(key: SecretBytes([UInt8](repeating: 0xAB, count: 32)))
        #expect("\(key)" == "OperationsKey(<redacted>)")
        #expect(Mirror(reflecting: key).children.isEmpty)
    }
}
