public import CherryCore
import Crypto
public import Foundation
import Synchronization

/// A sealer with real AES-GCM under random keys that live as long as it does: what a vault does, without its slots.
public final class TestSealer: RecordSealer {
    /// Why it refused.
    public struct Refusal: CherryError {
        public let codeName: String
        public var message: String { "The test sealer refused: \(self.codeName)." }
        public var hint: String? { nil }
    }

    private struct State {
        var keys: [KeyID: SymmetricKey] = [KeyID(rawValue: 1): SymmetricKey(size: .bits256)]
        var active = KeyID(rawValue: 1)
        var isLocked = false
    }
    private let state = Mutex(State())

    /// Makes a sealer with one key.
    public init() {}

    /// Makes everything throw `sealed` until `unlock`.
    public func lock() { self.state.withLock { $0.isLocked = true } }

    /// Works again.
    public func unlock() { self.state.withLock { $0.isLocked = false } }

    /// Adds a key and makes it the active one.
    @discardableResult
    public func rotate() -> KeyID {
        self.state.withLock { state in
            state.active = KeyID(rawValue: state.active.rawValue + 1)
            state.keys[state.active] = SymmetricKey(size: .bits256)
            return state.active
        }
    }

    /// Forgets a key.
    public func retire(_ key: KeyID) { self.state.withLock { $0.keys[key] = nil } }

    public var activeKey: KeyID {
        get throws {
            try self.state.withLock { state in
                guard !state.isLocked else { throw Refusal(codeName: "sealed") }
                return state.active
            }
        }
    }

    public func seal(_ plaintext: Data, at address: RecordAddress) throws -> Data {
        let key = try self.activeKey
        return try self.seal(plaintext, key: key, context: Self.context(address))
    }

    public func open(_ sealed: Data, at address: RecordAddress) throws -> Data {
        try self.open(sealed, key: try self.keyID(of: sealed), context: Self.context(address))
    }

    public func keyID(of sealed: Data) throws -> KeyID {
        guard sealed.count >= 32 else { throw Refusal(codeName: "tampered") }
        return KeyID(rawValue: sealed.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }

    public func digestTerm(for stamp: RecordStamp, key: KeyID) throws -> [UInt8] {
        let text = "\(stamp.collection.rawValue)/\(stamp.id)/\(stamp.version)"
        return Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: try self.key(key)))
    }

    public func sealDigest(_ plaintext: Data, key: KeyID) throws -> Data {
        try self.seal(plaintext, key: key, context: "digest")
    }

    public func openDigest(_ sealed: Data, key: KeyID) throws -> Data {
        try self.open(sealed, key: key, context: "digest")
    }

    private func seal(_ plaintext: Data, key: KeyID, context: String) throws -> Data {
        let box = try AES.GCM.seal(plaintext, using: try self.key(key), authenticating: Data(context.utf8))
        guard let combined = box.combined else { throw Refusal(codeName: "tampered") }
        return withUnsafeBytes(of: key.rawValue.bigEndian) { Data($0) } + combined
    }

    private func open(_ sealed: Data, key: KeyID, context: String) throws -> Data {
        let symmetric = try self.key(key)
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst(4))
            return try AES.GCM.open(box, using: symmetric, authenticating: Data(context.utf8))
        } catch {
            throw Refusal(codeName: "tampered")
        }
    }

    private func key(_ id: KeyID) throws -> SymmetricKey {
        try self.state.withLock { state in
            guard !state.isLocked else { throw Refusal(codeName: "sealed") }
            guard let key = state.keys[id] else { throw Refusal(codeName: "unknownKey") }
            return key
        }
    }

    private static func context(_ address: RecordAddress) -> String {
        "\(address.collection.rawValue)/\(address.id)/\(address.version)/\(address.schema)"
    }
}
