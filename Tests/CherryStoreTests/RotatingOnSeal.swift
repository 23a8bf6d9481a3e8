import CherryCore
import CherryTesting
import Foundation
import Synchronization

/// A sealer whose key changes at the worst moment: right after a record was sealed.
final class RotatingOnSeal: RecordSealer {
    private let base: TestSealer
    private let isArmed = Mutex(false)

    init(base: TestSealer) { self.base = base }

    func rotateAfterNextSeal() { self.isArmed.withLock { $0 = true } }

    var activeKey: KeyID { get throws { try self.base.activeKey } }

    func seal(_ plaintext: Data, at address: RecordAddress) throws -> Data {
        let sealed = try self.base.seal(plaintext, at: address)
        let isArmed = self.isArmed.withLock { armed in
            defer { armed = false }
            return armed
        }
        if isArmed { self.base.rotate() }
        return sealed
    }

    func open(_ sealed: Data, at address: RecordAddress) throws -> Data { try self.base.open(sealed, at: address) }
    func keyID(of sealed: Data) throws -> KeyID { try self.base.keyID(of: sealed) }
    func digestTerm(for stamp: RecordStamp, key: KeyID) throws -> [UInt8] {
        try self.base.digestTerm(for: stamp, key: key)
    }
    func sealDigest(_ plaintext: Data, key: KeyID) throws -> Data { try self.base.sealDigest(plaintext, key: key) }
    func openDigest(_ sealed: Data, key: KeyID) throws -> Data { try self.base.openDigest(sealed, key: key) }
}
