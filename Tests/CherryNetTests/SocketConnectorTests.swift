import CherryTesting
import NIOCore
import NIOSSL
import Testing

@testable import CherryNet

@Suite("Sockets for other protocols")
struct SocketConnectorTests {
    private func place(_ port: Int, _ scheme: String = "tcp", _ host: String = "127.0.0.1") throws -> SocketPlace {
        try SocketPlace("\(scheme)://\(host):\(port)", defaultPort: 1)
    }

    /// A connector that finds every name on loopback.
    private func connector(isTrusting: Bool = true) throws -> SocketConnector {
        let roots = isTrusting ? NIOSSLTrustRoots.certificates([try TestCertificate.certificate]) : .default
        return SocketConnector(
            lookup: { _, port in [try SocketAddress(ipAddress: "127.0.0.1", port: port)] },
            trustRoots: roots
        )
    }

    /// Sends back what it gets.
    @Sendable private static func echo(_ connection: ScriptedSocketServer.Connection) async throws {
        for try await bytes in connection.inbound { try await connection.send(Array(bytes.readableBytesView)) }
    }

    private func receive(_ count: Int, from connection: SocketConnection) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count, let more = try await connection.receive(within: .seconds(600)) { bytes += more }
        return bytes
    }

    @Test("Bytes go both ways, many at once too", arguments: ["tcp", "tls"])
    func echo(scheme: String) async throws {
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await ScriptedSocketServer.with(tls: scheme == "tls" ? TestCertificate.server : nil, Self.echo) { server in
            let connection = try await self.connector().connect(
                to: self.place(server.port, scheme, "model.test"),
                reach: .anywhere,
                within: .seconds(600)
            )
            async let sent: Void = connection.send(bytes, within: .seconds(600))
            #expect(try await self.receive(bytes.count, from: connection) == bytes)
            try await sent
            connection.close()
        }
    }

    @Test("The peer's end is told as such, after all that it sent")
    func end() async throws {
        try await ScriptedSocketServer.with { connection in
            try await connection.send(Array("bye".utf8))
        } _: { server in
            let connection = try await self.connector().connect(
                to: self.place(server.port),
                reach: .anywhere,
                within: .seconds(600)
            )
            #expect(try await self.receive(100, from: connection) == Array("bye".utf8))
            #expect(try await connection.receive(within: .seconds(600)) == nil)
        }
    }

    @Test("A reset is an error and no end")
    func reset() async throws {
        try await ScriptedSocketServer.with { connection in
            try await connection.reset()
        } _: { server in
            let error = try await netError {
                let connection = try await self.connector().connect(
                    to: self.place(server.port),
                    reach: .anywhere,
                    within: .seconds(600)
                )
                _ = try await connection.receive(within: .seconds(600))
            }
            #expect([.connectionLost, .unreachable].contains(error.code))
        }
    }

    @Test("A peer that stays silent is given up, and the connection with it")
    func silence() async throws {
        let ended = Gate()
        try await ScriptedSocketServer.with { connection in
            try await connection.hang()
            ended.open()
        } _: { server in
            let connection = try await self.connector().connect(
                to: self.place(server.port),
                reach: .anywhere,
                within: .seconds(600)
            )
            let error = try await netError { _ = try await connection.receive(within: .milliseconds(100)) }
            #expect(error.code == .stalled)
            await ended.wait()
        }
    }

    @Test("Cancelling ends the waiting and closes")
    func cancelling() async throws {
        let (began, ended) = (Gate(), Gate())
        try await ScriptedSocketServer.with { connection in
            began.open()
            try await connection.hang()
            ended.open()
        } _: { server in
            let connection = try await self.connector().connect(
                to: self.place(server.port),
                reach: .anywhere,
                within: .seconds(600)
            )
            let task = Task { try await connection.receive(within: .seconds(3600)) }
            await began.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await ended.wait()
        }
    }

    @Test("Letting go of a connection closes it")
    func lettingGo() async throws {
        let ended = Gate()
        try await ScriptedSocketServer.with { connection in
            try await connection.hang()
            ended.open()
        } _: { server in
            _ = try await self.connector().connect(
                to: self.place(server.port),
                reach: .anywhere,
                within: .seconds(600)
            )
            await ended.wait()
        }
    }

    @Test("A server with an unknown certificate, or one for another name, gets nothing")
    func certificate() async throws {
        try await ScriptedSocketServer.with(tls: TestCertificate.server, Self.echo) { server in
            for (host, isTrusting) in [("other.test", true), ("model.test", false)] {
                let error = try await netError {
                    _ = try await self.connector(isTrusting: isTrusting).connect(
                        to: self.place(server.port, "tls", host),
                        reach: .anywhere,
                        within: .seconds(600)
                    )
                }
                #expect(error.code == .untrusted)
            }
        }
    }

    @Test("A name in the own network is out of reach unless the user allows it")
    func egress() async throws {
        try await ScriptedSocketServer.with(Self.echo) { server in
            let place = try self.place(server.port, "tcp", "logs.example")
            let error = try await netError {
                _ = try await self.connector().connect(to: place, reach: place.reach(), within: .seconds(600))
            }
            #expect(error.code == .forbiddenAddress)
            #expect(server.connectionCount == 0)
            _ = try await self.connector().connect(
                to: place,
                reach: place.reach(allowsPrivateAddresses: true),
                within: .seconds(600)
            )
        }
    }

    @Test("Where nobody listens is unreachable")
    func unreachable() async throws {
        let port = ScriptedHTTPServer.refusingPort
        let error = try await netError {
            _ = try await self.connector().connect(to: self.place(port), reach: .anywhere, within: .seconds(600))
        }
        #expect(error.code == .unreachable)
    }

    @Test(
        "A place has a scheme, a host and a port",
        arguments: [
            ("tcp://logs.example", false, "logs.example", 24224), ("TLS://Logs.Example:5", true, "logs.example", 5),
            ("tls://[::1]:24225", true, "::1", 24225), ("tcp://[2001:db8::1]", false, "2001:db8::1", 24224),
            ("tcp://10.0.0.1:80", false, "10.0.0.1", 80),
        ]
    )
    func places(_ text: String, _ isSecure: Bool, _ host: String, _ port: Int) throws {
        let place = try SocketPlace(text, defaultPort: 24224)
        #expect(place.isSecure == isSecure)
        #expect(place.host == host)
        #expect(place.port == port)
    }

    @Test(
        "What has two readings is no place",
        arguments: [
            "", "tcp", "tcp://", "http://a:1", "a:1", "tcp://a:1/", "tcp://a:1?x", "tcp://a#b", "tcp://u@a:1",
            "tcp://a:0", "tcp://a:65536", "tcp://127.1:5", "tcp://a b:1", "tcp://::1:5",
        ]
    )
    func noPlaces(_ text: String) {
        #expect(throws: NetError.self) { try SocketPlace(text, defaultPort: 24224) }
    }

    @Test("The reach of an entered place is that of an entered address")
    func reach() throws {
        #expect(try SocketPlace("tcp://127.0.0.1", defaultPort: 1).reach() == .anywhere)
        #expect(try SocketPlace("tcp://localhost", defaultPort: 1).reach() == .anywhere)
        #expect(try SocketPlace("tls://192.168.1.5", defaultPort: 1).reach() == .anywhere)
        #expect(try SocketPlace("tls://logs.example", defaultPort: 1).reach() == .publicOnly)
    }
}
