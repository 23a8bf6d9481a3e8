import CherryCore
import Crypto
import Foundation
import Testing

@testable import CherryObservability

@Suite("The greeting of the forward protocol")
struct FluentHandshakeTests {
    private static let salt = Array("0123456789abcdef".utf8)

    private func handshake(user: (name: String, password: Secret<String>)? = nil) -> FluentHandshake {
        FluentHandshake(.init(hostname: "cherry-1", sharedKey: Secret("key"), user: user), salt: Self.salt)
    }

    private func hexadecimal(_ text: String) -> String {
        SHA512.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    private func helo(auth: String = "", keepalive: Bool = true) -> MessagePackValue {
        .array([
            .string("HELO"),
            ["nonce": .binary(Array("nonce".utf8)), "auth": .binary(Array(auth.utf8)), "keepalive": .bool(keepalive)],
        ])
    }

    private func pong(_ isAccepted: Bool = true, host: String = "server", key: String = "key") -> MessagePackValue {
        .array([
            .string("PONG"), .bool(isAccepted), .string(""), .string(host),
            .string(self.hexadecimal("0123456789abcdef\(host)nonce\(key)")),
        ])
    }

    private func read(_ step: FluentHandshake.Step) throws -> [MessagePackValue] {
        guard case .send(let bytes) = step else { return [] }
        var reader = MessagePackReader()
        reader.append(bytes)
        return try #require(try reader.next()?.array)
    }

    @Test("The client proves the key without saying it, and takes the server's proof")
    func sharedKey() throws {
        var handshake = self.handshake()
        let ping = try self.read(try handshake.received(self.helo()))
        #expect(
            ping == [
                .string("PING"), .string("cherry-1"), .binary(Self.salt),
                .string(self.hexadecimal("0123456789abcdefcherry-1noncekey")), .string(""), .string(""),
            ]
        )
        #expect(try handshake.received(self.pong()) == .done(keepsAlive: true))
        #expect(throws: FluentHandshake.Failure.garbled) { try handshake.received(self.pong()) }
    }

    @Test("A name and a password are sent, salted, when the server asks for them, and only then")
    func user() throws {
        var asked = self.handshake(user: ("anna", Secret("word")))
        let ping = try self.read(try asked.received(self.helo(auth: "salt")))
        #expect(ping[4...] == [.string("anna"), .string(self.hexadecimal("saltannaword"))])
        var notAsked = self.handshake(user: ("anna", Secret("word")))
        #expect(try self.read(try notAsked.received(self.helo()))[4...] == [.string(""), .string("")])
    }

    @Test("A server that keeps no connection open says so")
    func keepAlive() throws {
        var handshake = self.handshake()
        _ = try handshake.received(self.helo(keepalive: false))
        #expect(try handshake.received(self.pong()) == .done(keepsAlive: false))
    }

    @Test("A server that refuses, or that does not know the key itself, is not trusted")
    func refusals() throws {
        for (pong, failure) in [
            (self.pong(false), FluentHandshake.Failure.denied), (self.pong(key: "other"), .impostor),
            (self.pong(host: "cherry-1"), .impostor), (.array([.string("PONG"), .bool(true)]), .garbled),
            (.string("PONG"), .garbled), (self.helo(), .garbled),
        ] {
            var handshake = self.handshake()
            _ = try handshake.received(self.helo())
            #expect(throws: failure) { try handshake.received(pong) }
        }
    }

    @Test("What is no greeting is refused")
    func noHelo() {
        let messages: [MessagePackValue] = [
            .null, .array([]), .array([.string("HELO")]), .array([.string("HELO"), [:]]), self.pong(),
            .array([.string("HELO"), ["nonce": .binary([])]]), ["ack": .string("a")],
        ]
        for message in messages {
            var handshake = self.handshake()
            #expect(throws: FluentHandshake.Failure.garbled) { try handshake.received(message) }
        }
    }
}
