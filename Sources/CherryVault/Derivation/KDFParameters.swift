public import Foundation

/// How a passphrase is stretched, in the browser and on the command line. Public: a client reads it before it logs in.
///
/// In JSON the salt is base64url. Decoding checks nothing but types; `validate()` checks the bounds.
public struct KDFParameters: Sendable, Hashable {
    /// The only algorithm there is: PBKDF2 with HMAC-SHA-256.
    public static let pbkdf2SHA256 = "pbkdf2-sha256"
    /// Fewer rounds are refused: they would weaken every key.
    public static let floor = 600_000
    /// More rounds are refused: they would stall every log-in.
    public static let ceiling = 10_000_000
    /// The length of the salt in bytes.
    public static let saltLength = 16

    /// The algorithm's name.
    public let algorithm: String
    /// The number of rounds.
    public let iterations: Int
    /// The salt, made anew with each passphrase.
    public let salt: Data

    /// Creates parameters as they are; see `validate()`.
    public init(algorithm: String = Self.pbkdf2SHA256, iterations: Int, salt: Data) {
        self.algorithm = algorithm
        self.iterations = iterations
        self.salt = salt
    }

    /// Makes parameters with a fresh salt.
    public static func make(iterations: Int = Self.floor) -> KDFParameters {
        KDFParameters(iterations: iterations, salt: Data(randomBytes(count: Self.saltLength)))
    }

    /// Refuses parameters outside the bounds.
    ///
    /// - Throws: `VaultError` with code `.weakKDF`.
    public func validate() throws(VaultError) {
        guard self.algorithm == Self.pbkdf2SHA256 else {
            throw VaultError(.weakKDF, message: "The passphrase's key derivation must be pbkdf2-sha256.")
        }
        guard (Self.floor...Self.ceiling).contains(self.iterations) else {
            throw VaultError(.weakKDF, message: "PBKDF2 must have between 600000 and 10000000 iterations.")
        }
        guard self.salt.count == Self.saltLength else {
            throw VaultError(.weakKDF, message: "The passphrase's salt must have 16 bytes.")
        }
    }
}

extension KDFParameters: Codable {
    private enum CodingKeys: String, CodingKey { case algorithm, iterations, salt }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.algorithm = try container.decode(String.self, forKey: .algorithm)
        self.iterations = try container.decode(Int.self, forKey: .iterations)
        self.salt = try container.decode(Base64URLBytes.self, forKey: .salt).data
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.algorithm, forKey: .algorithm)
        try container.encode(self.iterations, forKey: .iterations)
        try container.encode(Base64URLBytes(self.salt), forKey: .salt)
    }
}
