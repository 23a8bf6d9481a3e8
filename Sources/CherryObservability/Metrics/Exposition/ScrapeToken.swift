import CherryCore
import Crypto
import Foundation

/// What a scraper must show, kept as a digest only: the token itself is long and random, so that one is enough.
public struct ScrapeToken: Sendable, Hashable {
    /// Characters that a token has at least.
    public static let minimumLength = 24
    private static let prefix = "sha256:"

    private let digest: [UInt8]

    /// Takes the digest of a token.
    ///
    /// - Returns: `nil` for one that is too short, or holds what no header can.
    public init?(_ token: String) {
        guard token.utf8.count >= Self.minimumLength, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.digest = Self.digest(of: token)
    }

    /// Reads what `stored` wrote.
    public init?(stored: String) {
        let text = stored.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasPrefix(Self.prefix), text.utf8.count == Self.prefix.utf8.count + 64 else { return nil }
        var bytes: [UInt8] = []
        var rest = text.dropFirst(Self.prefix.count)
        while !rest.isEmpty {
            guard rest.allSatisfy(\.isHexDigit), let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        self.digest = bytes
    }

    /// A new token and its digest.
    public static func make() -> (token: String, digest: ScrapeToken) {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let token =
            "cherry_metrics_"
            + bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        guard let digest = ScrapeToken(token) else { preconditionFailure("a token that was made is long enough") }
        return (token, digest)
    }

    /// One line for a file: `sha256:` and 64 hexadecimal digits.
    public var stored: String { Self.prefix + self.digest.hexadecimal }

    /// Whether an `Authorization` header has the token. Takes the same time for every wrong one.
    public func admits(_ authorization: String?) -> Bool {
        guard let authorization else { return false }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
        // All bytes are compared, whatever the first ones are.
        return zip(Self.digest(of: parts[1]), self.digest).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func digest(of token: some StringProtocol) -> [UInt8] {
        Array(SHA256.hash(data: Array(token.utf8)))
    }
}
