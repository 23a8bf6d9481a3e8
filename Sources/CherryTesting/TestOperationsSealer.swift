public import CherryCore

/// A sealer for tests of what uses one: nothing sealed is readable, and nothing opens at another address or after a bit
/// was changed. It keeps no secret.
public struct TestOperationsSealer: OperationsSealer {
    /// What was given to `open` is not what was sealed there.
    public struct Tampered: CherryError {
        public var codeName: String { "tampered" }
        public var message: String { "The test sealer refused." }
        public var hint: String? { nil }
    }

    private let key: UInt64

    /// Makes a sealer; what one opens, another with the same key opens.
    public init(key: UInt64 = 1) { self.key = key }

    public func seal(_ plaintext: [UInt8], at address: OperationsAddress) throws -> [UInt8] {
        let tag = self.digest(plaintext, address)
        return plaintext.map { $0 ^ 0xA5 } + tag
    }

    public func open(_ sealed: [UInt8], at address: OperationsAddress) throws -> [UInt8] {
        guard sealed.count >= 16 else { throw Tampered() }
        let plaintext = sealed.dropLast(16).map { $0 ^ 0xA5 }
        guard self.digest(plaintext, address) == Array(sealed.suffix(16)) else { throw Tampered() }
        return plaintext
    }

    /// FNV-1a over everything, twice.
    private func digest(_ plaintext: [UInt8], _ address: OperationsAddress) -> [UInt8] {
        var place: [UInt64] = []
        switch address {
        case .journal(let id, let lane, let position, let kind, let at):
            place = [1, id, UInt64(lane), position, UInt64(kind), UInt64(bitPattern: at.milliseconds)]
        case .credential(let name): place = [2] + name.utf8.map(UInt64.init)
        }
        return [self.key, ~self.key].flatMap { seed in
            var hash = 0xCBF2_9CE4_8422_2325 ^ seed
            for word in place { hash = (hash ^ word) &* 0x100_0000_01B3 }
            for byte in plaintext { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            return (0..<8).map { UInt8(truncatingIfNeeded: hash >> ($0 * 8)) | 1 }
        }
    }
}
