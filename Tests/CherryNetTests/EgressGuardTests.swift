import CherryTesting
import Dispatch
import NIOCore
import Synchronization
import Testing

@testable import CherryNet

/// A server on loopback that nothing may reach, and every way to try.
@Suite("Egress guard")
struct EgressGuardTests {
    /// Runs `body` with a server that hears of every connection, and checks that it heard of none.
    private func withSentinel(_ body: (ScriptedHTTPServer) async throws -> Void) async throws {
        try await ScriptedHTTPServer.with { _ in
            [.whole(200, "reached")]
        } _: { sentinel in
            try await body(sentinel)
            #expect(sentinel.connectionCount == 0)
            // It does hear: this one is allowed.
            let transport = HTTPTransport()
            let response = try await transport.send(.get(sentinel.url))
            #expect(response.status == 200)
            #expect(sentinel.connectionCount == 1)
            await transport.shutdown()
        }
    }

    private func refusal(
        of url: String,
        reach: EgressReach = .publicOnly,
        lookup: @escaping @Sendable (String, Int) throws -> [SocketAddress] = HostResolver.system
    ) async throws -> NetError.Code {
        let transport = HTTPTransport(configuration: .init(connect: .seconds(30)), lookup: lookup)
        let error = try await netError { _ = try await transport.send(.init(.get, url, reach: reach)) }
        await transport.shutdown()
        #expect(error.hint != nil)
        return error.code
    }

    @Test("Loopback is not reached by any spelling of its address")
    func spellings() async throws {
        let forbidden = [
            "127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "localhost", "LocalHost", "[::1]", "[::]",
            "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::FFFF:7F00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
            "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
            "[2001:0:7f00:1::80ff:fffe]", "10.0.0.1", "192.168.0.1", "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]",
        ]
        let invalid = [
            "2130706433", "0x7f000001", "0x7F.0.0.1", "0177.0.0.1", "0177.0.0.01", "017700000001", "127.1", "127.0.1",
            "0", "00.0.0.0", "127.0.0.1.", "localhost.", "%31%32%37.0.0.1", "127%2e0.0.1", "１２７.０.０.１",
            "127。0。0。1", "ⓛocalhost", "[::1%25lo]", "[fe80::1%25eth0]", "[127.0.0.1]", "::1", "user@127.0.0.1",
            "8.8.8.8@127.0.0.1", "8.8.8.8\\@127.0.0.1", "127.0.0.1\\.example.com", "127.0.0.1 ", "127.0.0.1\t",
        ]
        try await self.withSentinel { sentinel in
            for host in forbidden {
                let code = try await self.refusal(of: "http://\(host):\(sentinel.port)/")
                #expect(code == .forbiddenAddress, "\(host)")
            }
            for host in invalid {
                let code = try await self.refusal(of: "http://\(host):\(sentinel.port)/")
                #expect(code == .invalidAddress, "\(host)")
            }
        }
    }

    @Test("A name that resolves to a forbidden address is refused, also when only one of its addresses is")
    func names() async throws {
        try await self.withSentinel { sentinel in
            let answers = [
                ["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["0.0.0.0"], ["10.1.2.3"], ["100.64.0.1"],
                ["1.1.1.1", "127.0.0.1"], ["2606:4700::1111", "::ffff:127.0.0.1"], ["64:ff9b::7f00:1"],
            ]
            for answer in answers {
                let lookup: @Sendable (String, Int) throws -> [SocketAddress] = { _, port in
                    try answer.map { try SocketAddress(ipAddress: $0, port: port) }
                }
                let url = "http://api.example.com:\(sentinel.port)/"
                let code = try await self.refusal(of: url, lookup: lookup)
                #expect(code == .forbiddenAddress, "\(answer)")
            }
        }
    }

    @Test("Where clouds keep credentials is refused even to a request that may go anywhere")
    func metadata() async throws {
        for host in ["169.254.169.254", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "224.0.0.1"] {
            #expect(try await self.refusal(of: "http://\(host)/", reach: .anywhere) == .forbiddenAddress)
        }
    }

    @Test("A name is looked up once for a connection, which goes to the address that was checked")
    func rebinding() async throws {
        try await self.withSentinel { sentinel in
            try await withServer { _ in
                [.whole(200, "good")]
            } _: { server, _ in
                let lookups = Mutex(0)
                let transport = HTTPTransport(lookup: { _, _ in
                    let count = lookups.withLock { count in
                        count += 1
                        return count
                    }
                    return [try SocketAddress(ipAddress: "127.0.0.1", port: count == 1 ? server.port : sentinel.port)]
                })
                let body = try await transport.send(.get("http://rebind.example/")).body.collect(upTo: 100)
                #expect(String(decoding: body, as: UTF8.self) == "good")
                #expect(server.requests.first?.header("Host") == "rebind.example")
                #expect(lookups.withLock { $0 } == 1)
                await transport.shutdown()
            }
        }
    }

    @Test("Each new connection is checked anew")
    func recheck() async throws {
        try await withServer { _ in
            [.head(200), .text("x")]
        } _: { server, _ in
            let lookups = Mutex(0)
            let transport = HTTPTransport(lookup: { _, _ in
                let isFirst = lookups.withLock { count in
                    count += 1
                    return count == 1
                }
                let address = isFirst ? "127.0.0.1" : "169.254.169.254"
                return [try SocketAddress(ipAddress: address, port: server.port)]
            })
            _ = try await transport.send(.get("http://rebind.example/")).body.collect(upTo: 100)
            let error = try await netError { _ = try await transport.send(.get("http://rebind.example/")) }
            #expect(error.code == .forbiddenAddress)
            await transport.shutdown()
        }
    }

    @Test("A connection that one request may use is not given to another that may not")
    func reachIsPartOfThePlace() async throws {
        try await withServer(keepAlive: .seconds(3600)) { _ in
            [.whole(200, "{}"), .keepAlive]
        } _: { server, transport in
            _ = try await transport.send(.get(server.url)).body.collect(upTo: 100)
            let error = try await netError { _ = try await transport.send(.init(.get, server.url)) }
            #expect(error.code == .forbiddenAddress)
            #expect(server.requests.count == 1)
        }
    }

    @Test("A redirect to a forbidden address is an answer like any other", arguments: [301, 302, 303, 307, 308])
    func redirect(_ status: Int) async throws {
        try await self.withSentinel { sentinel in
            let target = sentinel.url
            try await withServer { _ in
                [.head(status, ["Location": target])]
            } _: { server, transport in
                let response = try await transport.send(.get(server.url))
                #expect(response.status == status)
                _ = try await response.body.collect(upTo: 100)
            }
        }
    }

    @Test("Addresses are tried in order until one answers")
    func order() async throws {
        let silent = ScriptedHTTPServer.refusingPort
        try await withServer { _ in
            [.whole(200, "{}")]
        } _: { server, _ in
            let transport = HTTPTransport(lookup: { _, _ in
                try [silent, server.port, silent].map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) }
            })
            let response = try await transport.send(.get("http://two.example/"))
            #expect(response.status == 200)
            await transport.shutdown()
        }
    }

    @Test("A name without an address is unreachable, and so is one whose addresses refuse")
    func unreachable() async throws {
        let silent = ScriptedHTTPServer.refusingPort
        let unknown = try await self.refusal(of: "http://unknown.example/") { _, _ in throw HostResolver.UnknownHost() }
        #expect(unknown == .unreachable)
        let refused = try await self.refusal(of: "http://refused.example/", reach: .anywhere) { _, _ in
            try [silent, silent].map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) }
        }
        #expect(refused == .unreachable)
    }

    @Test("A resolver that hangs holds up nobody: the time runs out, and cancelling ends the waiting")
    func hangingResolver() async throws {
        let asked = Gate()
        let hold = DispatchSemaphore(value: 0)
        let lookup: @Sendable (String, Int) throws -> [SocketAddress] = { _, _ in
            asked.open()
            hold.wait()
            return []
        }
        let impatient = HTTPTransport(configuration: .init(connect: .milliseconds(100)), lookup: lookup)
        let error = try await netError { _ = try await impatient.send(.get("http://slow.example/")) }
        #expect(error.code == .connectTimedOut)

        let patient = HTTPTransport(configuration: .init(connect: .seconds(600)), lookup: lookup)
        let task = Task { _ = try await patient.send(.get("http://slow.example/")) }
        await asked.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        hold.signal()
        hold.signal()
    }
}
