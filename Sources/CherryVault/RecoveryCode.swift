public import CherryCore
import Crypto

/// The printed way back in: 160 random bits and a checksum of 20, as 36 Crockford base32 characters.
public struct RecoveryCode: Sendable {
    /// The random part, 20 bytes.
    let bytes: SecretBytes

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let byteCount = 20
    private static let length = 36
    private static let groupLength = 4

    /// Makes a new code.
    public static func make() -> RecoveryCode {
        RecoveryCode(
            bytes: SecretBytes(count: self.byteCount) { buffer in
                var generator = SystemRandomNumberGenerator()
                for index in buffer.indices { buffer[index] = .random(in: .min ... .max, using: &generator) }
            }
        )
    }

    init(bytes: SecretBytes) { self.bytes = bytes }

    /// Reads what somebody typed: letters in either case, O for 0, I or L for 1; white space and hyphens are ignored.
    ///
    /// - Throws: `VaultError` with code `.malformedRecoveryCode` when a character, the length or the checksum is wrong.
    ///   The message says which.
    public init(parsing text: String) throws {
        var symbols: [UInt8] = []
        for character in text.unicodeScalars where !Self.isIgnored(character) {
            guard let symbol = Self.symbol(character) else {
                throw VaultError(
                    .malformedRecoveryCode,
                    message: "The recovery code has a character that is never in one."
                )
            }
            symbols.append(symbol)
        }
        guard symbols.count == Self.length else {
            throw VaultError(
                .malformedRecoveryCode,
                message: "The recovery code has \(symbols.count) characters instead of \(Self.length)."
            )
        }
        // 36 symbols of 5 bits are 22 bytes and a half: 20 of secret, then 20 bits of checksum.
        var packed = [UInt8](repeating: 0, count: 23)
        for (index, symbol) in symbols.enumerated() {
            for bit in 0..<5 where symbol & (0x10 >> UInt8(bit)) != 0 {
                let at = index * 5 + bit
                packed[at / 8] |= 0x80 >> UInt8(at % 8)
            }
        }
        let bytes = SecretBytes(packed[..<Self.byteCount])
        let isSound = Self.checksum(bytes) == Array(packed[Self.byteCount...])
        symbols.withUnsafeMutableBytes { wipe($0) }
        packed.withUnsafeMutableBytes { wipe($0) }
        guard isSound else {
            throw VaultError(
                .malformedRecoveryCode,
                message: "The recovery code is mistyped: its checksum does not match."
            )
        }
        self.bytes = bytes
    }

    /// The code in nine groups of four characters.
    public var groups: Secret<[String]> {
        let packed = self.bytes.withBytes { Array($0) } + Self.checksum(self.bytes)
        let text = (0..<Self.length).map { index in
            var symbol = 0
            for bit in 0..<5 {
                let at = index * 5 + bit
                symbol = symbol << 1 | Int(packed[at / 8] >> UInt8(7 - at % 8) & 1)
            }
            return Self.alphabet[symbol]
        }
        return Secret(
            stride(from: 0, to: Self.length, by: Self.groupLength).map { start in
                String(decoding: text[start..<start + Self.groupLength], as: UTF8.self)
            }
        )
    }

    /// The groups joined by hyphens, as they are printed.
    public var formatted: Secret<String> { Secret(self.groups.exposed.joined(separator: "-")) }

    /// The first 20 bits of the SHA-256, in three bytes of which the last has its lower half zero.
    private static func checksum(_ bytes: SecretBytes) -> [UInt8] {
        var digest = Array(bytes.withBytes { SHA256.hash(data: $0) }.prefix(3))
        digest[2] &= 0xF0
        return digest
    }

    private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "-" || scalar.properties.isWhitespace || scalar.properties.isDash
    }

    private static func symbol(_ scalar: Unicode.Scalar) -> UInt8? {
        guard scalar.isASCII else { return nil }
        let upper = UInt8(ascii: scalar) & (scalar.properties.isLowercase ? 0xDF : 0xFF)
        switch upper {
        case UInt8(ascii: "O"): return 0
        case UInt8(ascii: "I"), UInt8(ascii: "L"): return 1
        default: return self.alphabet.firstIndex(of: upper).map { UInt8($0) }
        }
    }
}

extension RecoveryCode: CustomStringConvertible, CustomReflectable {
    public var description: String { "RecoveryCode(<redacted>)" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
