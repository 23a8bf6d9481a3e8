import CherryCore
import Crypto
import Foundation

/// The greeting of the forward protocol: the server sends HELO, the client PING, the server PONG. Each side proves that
/// it knows the shared key without saying it.
struct FluentHandshake: Sendable {
    /// How a client proves itself.
    struct Identity: Sendable {
        /// What the client calls itself.
        var hostname: String
        var sharedKey: Secret<String>
        /// A name and a password, for servers that ask for them.
        var user: (name: String, password: Secret<String>)?
    }

    enum Failure: Error, Hashable {
        /// The message is another than the protocol has here.
        case garbled
        /// The server does not accept the key, the name or the password.
        case denied
        /// The server does not know the key either.
        case impostor
    }

    /// What the caller does next.
    enum Step: Sendable, Hashable {
        case send([UInt8])
        /// Both sides are known to each other. Some servers close after each chunk.
        case done(keepsAlive: Bool)
    }

    private enum State: Sendable {
        /// Waits for HELO.
        case greeting
        /// Waits for PONG.
        case proving(nonce: [UInt8], keepsAlive: Bool)
        case over
    }

    private let identity: Identity
    private let salt: [UInt8]
    private var state = State.greeting

    /// - Parameter salt: 16 random bytes, new for each connection.
    init(_ identity: Identity, salt: [UInt8]) {
        self.identity = identity
        self.salt = salt
    }

    /// Takes a message of the server.
    mutating func received(_ message: MessagePackValue) throws(Failure) -> Step {
        let parts = message.array ?? []
        switch self.state {
        case .greeting:
            self.state = .over
            guard parts.count == 2, parts[0].text == "HELO", case .map = parts[1],
                let nonce = parts[1]["nonce"]?.bytes, !nonce.isEmpty
            else { throw .garbled }
            self.state = .proving(nonce: nonce, keepsAlive: parts[1]["keepalive"]?.bool ?? true)
            return .send(self.ping(nonce: nonce, authentication: parts[1]["auth"]?.bytes ?? []))
        case .proving(let nonce, let keepsAlive):
            self.state = .over
            guard parts.count == 5, parts[0].text == "PONG", let isAccepted = parts[1].bool else { throw .garbled }
            guard isAccepted else { throw .denied }
            guard let hostname = parts[3].bytes, let digest = parts[4].text else { throw .garbled }
            guard hostname != Array(self.identity.hostname.utf8),
                digest == Self.digest(self.salt, hostname, nonce, self.key)
            else { throw .impostor }
            return .done(keepsAlive: keepsAlive)
        case .over:
            throw .garbled
        }
    }

    private var key: [UInt8] { Array(self.identity.sharedKey.exposed.utf8) }

    private func ping(nonce: [UInt8], authentication: [UInt8]) -> [UInt8] {
        let hostname = Array(self.identity.hostname.utf8)
        var name = ""
        var proof = ""
        if let user = self.identity.user, !authentication.isEmpty {
            name = user.name
            proof = Self.digest(authentication, Array(name.utf8), Array(user.password.exposed.utf8))
        }
        return MessagePackWriter.bytes(
            .array([
                .string("PING"), .string(self.identity.hostname), .binary(self.salt),
                .string(Self.digest(self.salt, hostname, nonce, self.key)), .string(name), .string(proof),
            ])
        )
    }

    /// SHA-512 of the parts one after the other, in lower-case hexadecimal digits.
    static func digest(_ parts: [UInt8]...) -> String {
        var hash = SHA512()
        for part in parts { hash.update(data: Data(part)) }
        return hash.finalize().hexadecimal
    }
}
