import CherryCore
import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// The cookie that carries a session's token.
struct SessionCookie: Sendable {
    private let isSecure: Bool
    private let lifetime: Duration

    /// Creates the rule for this server's cookies.
    init(isSecure: Bool, lifetime: Duration) {
        self.isSecure = isSecure
        self.lifetime = lifetime
    }

    /// Over TLS the prefix makes browsers refuse the cookie from anybody but this host.
    var name: String { self.isSecure ? "__Host-cherry_session" : "cherry_session" }

    /// The token that a request brings.
    func token(in request: Request) -> Secret<String>? {
        guard let value = request.cookies[self.name]?.value, !value.isEmpty else { return nil }
        return Secret(value)
    }

    /// The `Set-Cookie` value that hands out a token.
    func setting(_ token: Secret<String>) -> String {
        self.value(token.exposed, maxAge: self.lifetime.components.seconds)
    }

    /// The `Set-Cookie` value that takes the token away.
    var clearing: String { self.value("", maxAge: 0) }

    private func value(_ value: String, maxAge: Int64) -> String {
        var text = "\(self.name)=\(value); Path=/; Max-Age=\(maxAge); HttpOnly; SameSite=Strict"
        if self.isSecure { text += "; Secure" }
        return text
    }

    /// Makes a token of 256 unpredictable bits.
    static func makeToken() -> Secret<String> {
        let key = SymmetricKey(size: .bits256)
        return Secret(
            key.withUnsafeBytes { bytes in
                Data(bytes).base64EncodedString()
                    .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            }
        )
    }

    /// What is stored of a token: its SHA-256 in lower-case hexadecimal.
    static func digest(of token: Secret<String>) -> String {
        SHA256.hash(data: Data(token.exposed.utf8)).hexadecimal
    }
}
