import CherryTesting
import Crypto
import Foundation
import NIOCore
import Synchronization

@testable import CherryObservability

/// A strict server of the forward protocol that misbehaves on command. What it refuses ends the connection.
final class ForwardServer: Sendable {
    /// What it does with a chunk.
    enum Behaviour: Sendable, Hashable {
        case acknowledge
        /// In pieces of one byte.
        case drip
        case twice
        /// Takes it and stays silent.
        case silence
        case wrongAcknowledgement
        case garbage
        case close
        case reset
    }

    let sharedKey: String?
    let user: (name: String, password: String)?
    private let behaviours: Mutex<[Behaviour]>
    private let received = Mutex<[ForwardMessage]>([])
    private let refusals = Mutex<[String]>([])

    /// - Parameter behaviours: for each chunk in turn; afterwards chunks are acknowledged.
    init(_ behaviours: [Behaviour] = [], sharedKey: String? = nil, user: (name: String, password: String)? = nil) {
        self.behaviours = Mutex(behaviours)
        self.sharedKey = sharedKey
        self.user = user
    }

    /// Every chunk that was taken, also those that were not acknowledged.
    var chunks: [ForwardMessage] { self.received.withLock { $0 } }
    /// Why clients were refused.
    var refused: [String] { self.refusals.withLock { $0 } }

    @Sendable func serve(_ connection: ScriptedSocketServer.Connection) async throws {
        do {
            try await self.talk(connection)
        } catch let error as ForwardMessage.Refused {
            self.refusals.withLock { $0.append(error.why) }
        }
    }

    private func talk(_ connection: ScriptedSocketServer.Connection) async throws {
        var messages = Messages(connection)
        if let sharedKey { try await self.greet(connection, &messages, sharedKey) }
        while let message = try await messages.next() {
            let chunk = try ForwardMessage(message)
            self.received.withLock { $0.append(chunk) }
            let behaviour = self.behaviours.withLock { $0.isEmpty ? .acknowledge : $0.removeFirst() }
            let answer = MessagePackWriter.bytes(.map(["ack": .string(chunk.chunk)]))
            switch behaviour {
            case .acknowledge: try await connection.send(answer)
            case .drip: for byte in answer { try await connection.send([byte]) }
            case .twice: try await connection.send(answer + answer)
            case .silence: break
            case .wrongAcknowledgement:
                try await connection.send(MessagePackWriter.bytes(.map(["ack": .string("b3RoZXI=")])))
            case .garbage: try await connection.send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
            case .close: return
            case .reset: return try await connection.reset()
            }
        }
    }

    private func greet(
        _ connection: ScriptedSocketServer.Connection,
        _ messages: inout Messages,
        _ key: String
    ) async throws {
        let salt = self.user == nil ? "" : "auth-salt"
        try await connection.send(
            MessagePackWriter.bytes(
                .array([
                    .string("HELO"),
                    .map([
                        "nonce": .binary(Array("nonce".utf8)), "auth": .binary(Array(salt.utf8)),
                        "keepalive": .bool(true),
                    ]),
                ])
            )
        )
        guard let ping = try await messages.next()?.array, ping.count == 6, ping[0] == .string("PING"),
            let host = ping[1].bytes, let clientSalt = ping[2].bytes, clientSalt.count >= 16
        else { throw ForwardMessage.Refused(why: "no PING") }
        var isAccepted = ping[3] == .string(Self.digest(clientSalt, host, Array("nonce".utf8), Array(key.utf8)))
        if let user {
            let proof = Self.digest(Array(salt.utf8), Array(user.name.utf8), Array(user.password.utf8))
            isAccepted = isAccepted && ping[4] == .string(user.name) && ping[5] == .string(proof)
        }
        let name = Array("server".utf8)
        let proof = isAccepted ? Self.digest(clientSalt, name, Array("nonce".utf8), Array(key.utf8)) : ""
        try await connection.send(
            MessagePackWriter.bytes(
                .array([.string("PONG"), .bool(isAccepted), .string(""), .string("server"), .string(proof)])
            )
        )
        guard isAccepted else { throw ForwardMessage.Refused(why: "wrong key or password") }
    }

    private static func digest(_ parts: [UInt8]...) -> String {
        SHA512.hash(data: Data(parts.joined())).map { String(format: "%02x", $0) }.joined()
    }

    private struct Messages {
        private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        private var reader = MessagePackReader()

        init(_ connection: ScriptedSocketServer.Connection) {
            self.inbound = connection.inbound.makeAsyncIterator()
        }

        mutating func next() async throws -> MessagePackValue? {
            while true {
                if let message = try self.reader.next() { return message }
                guard let bytes = try await self.inbound.next(isolation: #isolation) else { return nil }
                self.reader.append(Array(bytes.readableBytesView))
            }
        }
    }
}
