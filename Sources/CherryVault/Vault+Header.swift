import CherryCore
import Foundation
import Synchronization

extension Vault {
    static func load(_ keyStore: any KeyStore, floor: Argon2Parameters) throws -> VaultHeader? {
        guard let data = try self.keeping({ try keyStore.load() }) else { return nil }
        return try VaultHeader.read(data, floor: floor)
    }

    /// The header to unlock: read again while the vault is locked, so that what another process changed meanwhile is
    /// seen; the authenticated one in memory while it is unlocked.
    ///
    /// - Throws: `VaultError` with code `.uninitialized`, or what reading throws.
    func headerToUnlock() throws -> VaultHeader {
        try self.memory.withLock { memory in
            if memory.unlocked == nil {
                memory.header = try Self.load(self.keyStore, floor: self.configuration.argon2Floor)
            }
            guard let header = memory.header else { throw VaultError(.uninitialized) }
            return header
        }
    }

    /// Changes the header of an unlocked vault: decides, authenticates, saves, and only then believes it.
    ///
    /// When saving throws, memory stays as it was. The file then is the old one or, if only the last fsync failed,
    /// the new one: each is whole, and each opens everything.
    func change<Result>(
        _ body: (inout VaultHeader, inout KeyRing) throws -> Result
    ) throws -> Result {
        try self.memory.withLock { memory in
            guard var header = memory.header else { throw VaultError(.uninitialized) }
            var ring = try memory.ring
            let result = try body(&header, &ring)
            try self.save(&header, under: ring.active)
            memory.header = header
            memory.unlocked?.ring = ring
            return result
        }
    }

    /// Authenticates and saves a header.
    func save(_ header: inout VaultHeader, under key: RootKey) throws {
        try header.authenticate(under: key)
        let data = try header.encoded()
        try Self.keeping { try self.keyStore.save(data) }
    }

    /// Gives errors of a key store the form of the vault's own.
    static func keeping<Result>(_ body: () throws -> Result) throws(VaultError) -> Result {
        do {
            return try body()
        } catch let error as VaultError {
            throw error
        } catch {
            throw VaultError(.unavailable, message: "The vault's header could not be kept.", underlying: error)
        }
    }
}
