import CherryCore
import CherryVault
import Foundation

extension Fields {
    /// The two keys that a client derives from the passphrase.
    mutating func loginKeys() throws -> LoginKeys {
        LoginKeys(
            authKey: SecretBytes(try self.binary("authKey", count: LoginKeys.keyLength)),
            unsealKey: SecretBytes(try self.binary("unsealKey", count: LoginKeys.keyLength))
        )
    }

    /// How the client stretched the passphrase.
    mutating func kdf() throws -> KDFParameters {
        var fields = try self.object("kdf")
        let algorithm = try fields.text("algorithm", .algorithm)
        let iterations = try fields.integer(
            "iterations",
            in: Int64(KDFParameters.floor)...Int64(KDFParameters.ceiling)
        )
        let salt = try fields.binary("salt", count: KDFParameters.saltLength)
        try fields.finish()
        return KDFParameters(algorithm: algorithm, iterations: Int(iterations), salt: salt)
    }

    /// Bytes as base64url, exactly so many.
    private mutating func binary(_ key: String, count: Int) throws -> Data {
        let length = (count * 8 + 5) / 6
        let rule = TextRule(minimum: length, maximum: length) { text in
            Base64URL.decode(text)?.count == count ? nil : "must be \(count) bytes in base64url without padding"
        }
        return Base64URL.decode(try self.text(key, rule)) ?? Data()
    }
}

extension TextRule {
    fileprivate static let algorithm = TextRule(maximum: 40) { text in
        text == KDFParameters.pbkdf2SHA256 ? nil : "must be \(KDFParameters.pbkdf2SHA256)"
    }
}
