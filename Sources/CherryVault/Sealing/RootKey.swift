import CherryCore
import Crypto
import Foundation

/// A root key in memory with everything derived from it, once, so that sealing derives nothing.
final class RootKey: Sendable {
    let id: KeyID
    /// 256 random bits. Leaves memory only wrapped for a slot.
    let root: SymmetricKey
    /// Enters the keyed digest of all rows.
    let digestTerms: SymmetricKey
    /// Authenticates the vault's header.
    let header: SymmetricKey
    /// Seals the private half of the vault's identity.
    let identity: SymmetricKey
    private let purposes: [KeyPurpose: SymmetricKey]

    init(id: KeyID, root: SymmetricKey) throws(VaultError) {
        self.id = id
        self.root = root
        self.digestTerms = try Derivation.hkdf(root, info: "cherry/digest-terms")
        self.header = try Derivation.hkdf(root, info: "cherry/header")
        self.identity = try Derivation.hkdf(root, info: "cherry/identity")
        var purposes: [KeyPurpose: SymmetricKey] = [:]
        for purpose in KeyPurpose.allCases {
            purposes[purpose] = try Derivation.hkdf(root, info: "cherry/\(purpose.rawValue)")
        }
        self.purposes = purposes
    }

    /// Makes a new random key.
    static func make(id: KeyID) throws(VaultError) -> RootKey {
        try RootKey(id: id, root: SymmetricKey(size: .bits256))
    }

    /// The key that seals for `purpose`.
    func key(for purpose: KeyPurpose) throws(VaultError) -> SymmetricKey {
        guard let key = self.purposes[purpose] else { throw VaultError(.unknownKey) }
        return key
    }
}

extension RootKey: CustomStringConvertible, CustomReflectable {
    var description: String { "RootKey(\(self.id.rawValue), <redacted>)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
