public import CherryCore
import Crypto
import Foundation

/// The SHA-256 of a bridge token, which is all that is kept of it.
public struct TokenDigest: Sendable, Hashable {
    /// What every token begins with.
    public static let prefix = "ck-"
    /// Characters of a token by which its user recognises it; the other 40 keep 240 bits secret.
    private static let shownLength = 6
    private static let length = 46

    private let bytes: [UInt8]

    /// The digest of a token; `nil` for what cannot be one.
    public init?(of token: some StringProtocol) {
        guard token.utf8.count == Self.length, token.hasPrefix(Self.prefix) else { return nil }
        var hash = SHA256()
        let isHashed: Void? = token.utf8.withContiguousStorageIfAvailable { hash.update(bufferPointer: .init($0)) }
        if isHashed == nil { hash.update(data: Array(token.utf8)) }
        self.bytes = Array(hash.finalize())
    }

    /// Reads 64 hexadecimal digits; `nil` for anything else.
    public init?(hexadecimal text: String) {
        let digits = text.utf8.map { byte -> UInt8? in
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x61...0x66: byte - 0x61 + 10
            default: nil
            }
        }
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// 64 lower-case hexadecimal digits.
    public var hexadecimal: String { self.bytes.hexadecimal }

    /// Makes a token of 256 unpredictable bits: `ck-` and 43 characters of base64url.
    ///
    /// - Returns: the token, to be shown once, with its digest and the beginning by which it is recognised.
    public static func makeToken() -> (token: Secret<String>, digest: TokenDigest, prefix: String) {
        let text = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            Data(bytes).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        let token = Self.prefix + text
        guard let digest = TokenDigest(of: token) else { fatalError("32 bytes have 43 characters in base64url") }
        return (Secret(token), digest, String(token.prefix(Self.shownLength)))
    }
}
