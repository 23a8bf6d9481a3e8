import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryVault

@Suite("Counting seals")
struct SealCountTests {
    let address = RecordAddress(collection: .messages, id: .make(), version: 1)
    let key = KeyID(rawValue: 1)

    private func vault(
        _ store: InMemoryKeyStore,
        _ change: (inout Vault.Configuration) -> Void = { _ in }
    ) throws -> Vault {
        var configuration = Vault.Configuration.testing
        configuration.sealReservation = 10
        change(&configuration)
        return try Vault(keyStore: store, configuration: configuration)
    }

    private func seal(_ vault: Vault, _ count: Int) throws {
        for _ in 0..<count { _ = try vault.seal(Data(), at: self.address) }
    }

    @Test("Sealing writes the header once per reservation, and locking writes down the true count")
    func reservations() async throws {
        let store = InMemoryKeyStore()
        let vault = try self.vault(store)
        _ = try await vault.create(login: .fixture(1), kdf: .make())
        #expect(store.saves == 1)
        try self.seal(vault, 1)
        #expect(store.saves == 2)
        try self.seal(vault, 9)
        #expect(store.saves == 2)
        try self.seal(vault, 1)
        #expect(store.saves == 3)
        #expect(vault.status.keys.first?.seals == 11)
        vault.lock()
        #expect(store.saves == 4)
        #expect(vault.status.keys.first?.seals == 11)
        try await vault.unlock(.fixture(1))
        _ = try vault.sealDigest(Data(), key: self.key)
        #expect(vault.status.keys.first?.seals == 12)
    }

    @Test("After a crash the count is too high, never too low")
    func crash() async throws {
        let store = InMemoryKeyStore()
        let vault = try self.vault(store)
        _ = try await vault.create(login: .fixture(1), kdf: .make())
        try self.seal(vault, 13)
        let restarted = try self.vault(store)
        try await restarted.unlock(.fixture(1))
        #expect(restarted.status.keys.first?.seals == 20)
        try self.seal(restarted, 1)
        #expect(try self.vault(store).status.keys.first?.seals == 30)
    }

    @Test("Locking without having sealed writes nothing, and locking succeeds when nothing can be written")
    func lockWrites() async throws {
        let store = InMemoryKeyStore { $0 >= 3 ? .before : nil }
        let vault = try self.vault(store)
        _ = try await vault.create(login: .fixture(1), kdf: .make())
        vault.lock()
        #expect(store.saves == 1)
        try await vault.unlock(.fixture(1))
        try self.seal(vault, 1)
        vault.lock()
        #expect(store.saves == 3)
        #expect(vault.state == .sealed)
        try await vault.unlock(.fixture(1))
        #expect(vault.status.keys.first?.seals == 10)
    }

    @Test("What cannot be counted is not sealed")
    func failedReservation() async throws {
        let store = InMemoryKeyStore { $0 == 2 ? .before : nil }
        let vault = try self.vault(store)
        _ = try await vault.create(login: .fixture(1), kdf: .make())
        expectError(.unavailable) { try vault.seal(Data(), at: self.address) }
        #expect(vault.status.keys.first?.seals == 0)
        try self.seal(vault, 1)
        #expect(vault.status.keys.first?.seals == 1)
    }

    @Test("A key says that it should be rotated, then refuses records while its digest can still be sealed")
    func exhaustion() async throws {
        let vault = try self.vault(InMemoryKeyStore()) {
            $0.rotationThreshold = 5
            $0.sealCeiling = 20
            $0.digestAllowance = 2
        }
        _ = try await vault.create(login: .fixture(1), kdf: .make())
        try self.seal(vault, 4)
        #expect(vault.status.keys.first?.shouldRotate == false)
        try self.seal(vault, 1)
        #expect(vault.status.keys.first?.shouldRotate == true)
        try self.seal(vault, 15)
        let error = expectError(.keyExhausted) { try vault.seal(Data(), at: self.address) }
        #expect(error?.hint?.contains("rotate") == true)

        let second = try await vault.beginRotation()
        _ = try vault.sealDigest(Data(), key: self.key)
        _ = try vault.sealDigest(Data(), key: self.key)
        expectError(.keyExhausted) { try vault.sealDigest(Data(), key: self.key) }
        try self.seal(vault, 1)
        #expect(vault.status.keys.map(\.seals) == [22, 1])
        #expect(vault.status.keys.map(\.shouldRotate) == [false, false])
        try vault.finishRotation(retiring: self.key)
        #expect(vault.status.keys.map(\.id) == [second])
    }

    @Test("The product rotates at a quarter of the bound, and the bound is 2^32")
    func productLimits() {
        let configuration = Vault.Configuration()
        #expect(configuration.sealCeiling + configuration.digestAllowance == 1 << 32)
        #expect(configuration.rotationThreshold == 1 << 30)
        #expect(configuration.sealReservation == 1 << 16)
    }

    @Test("Seals from many tasks at once are all counted")
    func concurrent() async throws {
        let vault = try self.vault(InMemoryKeyStore())
        _ = try await vault.create(login: .fixture(1), kdf: .make())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<50 { _ = try vault.seal(Data(), at: self.address) } }
            }
            try await group.waitForAll()
        }
        #expect(vault.status.keys.first?.seals == 400)
    }
}
