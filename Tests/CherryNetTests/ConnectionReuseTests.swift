import CherryTesting
import NIOCore
import Synchronization
import Testing

@testable import CherryNet

@Suite("HTTP transport: connections")
struct ConnectionReuseTests {
    private typealias Step = ScriptedHTTPServer.Step

    private func text(_ transport: HTTPTransport, _ url: String) async throws -> String {
        let response = try await transport.send(.get(url))
        return String(decoding: try await response.body.collect(upTo: 1 << 20), as: UTF8.self)
    }

    private func expect(
        _ text: String,
        from transport: HTTPTransport,
        _ url: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await self.text(transport, url)
        #expect(answer == text, sourceLocation: sourceLocation)
    }

    /// Runs `body` with a server that has a script for each request in turn, the last one again and again.
    private func withScripts(
        keepAlive: Duration = .seconds(3600),
        limit: Int = 64,
        _ scripts: [ScriptedHTTPServer.Step]...,
        body: (ScriptedHTTPServer, HTTPTransport) async throws -> Void
    ) async throws {
        let count = Mutex(0)
        try await withServer(keepAlive: keepAlive, connectionsPerHost: limit) { _ in
            let index = count.withLock { count in
                defer { count += 1 }
                return count
            }
            return scripts[min(index, scripts.count - 1)]
        } _: { server, transport in
            try await body(server, transport)
        }
    }

    @Test("Bytes beyond an answer are not taken for the next one")
    func leftover() async throws {
        let evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
        try await self.withScripts(
            [.text("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst" + evil), .keepAlive],
            [.whole(200, "second"), .keepAlive]
        ) { server, transport in
            try await self.expect("first", from: transport, server.url)
            try await self.expect("second", from: transport, server.url)
            #expect(server.connectionCount == 2)
        }
    }

    @Test("Bytes that come while a connection rests close it")
    func stray() async throws {
        let gate = Gate()
        try await self.withScripts(
            [.whole(200, "first"), .await(gate), .text("HTTP/1.1 200 OK\r\n"), .keepAlive],
            [.whole(200, "second"), .keepAlive]
        ) { server, transport in
            var closings = server.closings.makeAsyncIterator()
            try await self.expect("first", from: transport, server.url)
            gate.open()
            #expect(await closings.next() != nil)
            try await self.expect("second", from: transport, server.url)
            #expect(server.connectionCount == 2)
        }
    }

    @Test("A request that meets a closed connection is sent once more on a new one")
    func repeated() async throws {
        try await self.withScripts(
            [.whole(200, "first"), .keepAlive],
            [],
            [.whole(200, "third"), .keepAlive]
        ) { server, transport in
            try await self.expect("first", from: transport, server.url)
            try await self.expect("third", from: transport, server.url)
            #expect(server.requests.count == 3)
            #expect(server.connectionCount == 2)
        }
    }

    @Test("It is sent no third time, and none at all on a new connection or once an answer began")
    func notRepeated() async throws {
        try await self.withScripts([.whole(200, "first"), .keepAlive], []) { server, transport in
            try await self.expect("first", from: transport, server.url)
            let error = try await netError { _ = try await transport.send(.get(server.url)) }
            #expect(error.code == .connectionLost)
            #expect(server.requests.count == 3)
        }
        try await self.withScripts([]) { server, transport in
            let error = try await netError { _ = try await transport.send(.get(server.url)) }
            #expect(error.code == .connectionLost)
            #expect(server.requests.count == 1)
        }
        try await self.withScripts([.whole(200, "first"), .keepAlive], [.text("H")]) { server, transport in
            try await self.expect("first", from: transport, server.url)
            let error = try await netError { _ = try await transport.send(.get(server.url)) }
            #expect(error.code == .connectionLost)
            #expect(server.requests.count == 2)
        }
    }

    @Test("What a server does at work is repeated only if a second time does no harm")
    func mayRepeat() {
        #expect(HTTPTransport.mayRepeat(.get, after: .minutes(5)))
        #expect(HTTPTransport.mayRepeat(.post, after: .milliseconds(5)))
        #expect(!HTTPTransport.mayRepeat(.post, after: .seconds(2)))
    }

    @Test("A server that closes after each answer without saying so is asked a hundred times without a loss")
    func closingServer() async throws {
        try await self.withScripts([.whole(200, "x")]) { server, transport in
            for _ in 1...100 {
                try await self.expect("x", from: transport, server.url)
            }
        }
    }

    @Test("A connection that is to be closed, or whose answer ends with it, serves no other request")
    func notReused() async throws {
        let answers = [
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
            "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
        ]
        for answer in answers {
            try await self.withScripts([.text(answer), .hang]) { server, transport in
                var closings = server.closings.makeAsyncIterator()
                for count in 1...2 {
                    try await self.expect("x", from: transport, server.url)
                    #expect(await closings.next() != nil)
                    #expect(server.connectionCount == count)
                }
            }
        }
    }

    @Test("Answers without a body end with their head")
    func bodiless() async throws {
        try await withServer(keepAlive: .seconds(3600)) { request in
            let status = request.target.dropFirst()
            return [.text("HTTP/1.1 \(status) X\r\nContent-Length: 5\r\n\r\n"), .keepAlive]
        } _: { server, transport in
            for status in [204, 304] {
                let response = try await transport.send(.get(server.url + "/\(status)"))
                #expect(response.status == status)
                #expect(try await response.body.collect(upTo: 0).isEmpty)
            }
            let response = try await transport.send(.init(.head, server.url + "/200", reach: .anywhere))
            #expect(response.header("content-length") == "5")
            #expect(try await response.body.collect(upTo: 0).isEmpty)
            #expect(server.connectionCount == 1)
        }
    }

    @Test("An answer that arrives byte by byte is the same answer")
    func drip() async throws {
        let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        try await self.withScripts([.drip(Array(answer.utf8)), .keepAlive]) { server, transport in
            for _ in 1...3 {
                try await self.expect("abcde", from: transport, server.url)
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("A connection that rests too long is closed")
    func keepAlive() async throws {
        try await self.withScripts(keepAlive: .milliseconds(1), [.whole(200, "x"), .keepAlive]) { server, transport in
            var closings = server.closings.makeAsyncIterator()
            try await self.expect("x", from: transport, server.url)
            #expect(await closings.next() != nil)
        }
    }

    @Test("Requests beyond the limit wait for a connection and get it")
    func limit() async throws {
        try await self.withScripts(limit: 2, [.whole(200, "x"), .keepAlive]) { server, transport in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...40 {
                    group.addTask { try await self.text(transport, server.url) }
                }
                for try await text in group { #expect(text == "x") }
            }
            #expect(server.requests.count == 40)
            #expect(server.connectionCount <= 2)
        }
    }

    @Test("Waiting in line can be cancelled, runs out of time, and ends with the transport")
    func line() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let gate = Gate()
        try await withServer(connectionsPerHost: 1) { _ in
            arrived.yield()
            return [.await(gate), .whole(200, "x"), .keepAlive]
        } _: { server, transport in
            let url = server.url
            var arrivals = arrivals.makeAsyncIterator()
            let first = Task { try await transport.send(.get(url)).body.collect(upTo: 10) }
            await arrivals.next()

            var impatient = OutgoingRequest.get(url)
            impatient.limits = .impatientStart
            let error = try await netError { [impatient] in _ = try await transport.send(impatient) }
            #expect(error.code == .firstByteTimedOut)

            let cancelled = Task { _ = try await transport.send(.get(url)) }
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }

            gate.open()
            #expect(try await first.value == [0x78])
            _ = try await transport.send(.get(url)).body.collect(upTo: 10)
            #expect(server.connectionCount == 1)
        }
    }

    @Test("A shutdown fails what is under way and what waits")
    func shutdown() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        try await withServer(connectionsPerHost: 1) { _ in
            arrived.yield()
            return [.hang]
        } _: { server, transport in
            let url = server.url
            let tasks = (1...3).map { _ in Task { _ = try await transport.send(.get(url)) } }
            var iterator = arrivals.makeAsyncIterator()
            await iterator.next()
            await transport.shutdown()
            for task in tasks {
                let error = try await netError { try await task.value }
                #expect(error.code == .closed)
            }
            await transport.shutdown()
        }
    }

    @Test("A reader who has enough leaves the connection to the next request")
    func skipRest() async throws {
        let gate = Gate()
        try await withServer { request in
            guard request.target == "/long" else { return [.whole(200, "x"), .keepAlive] }
            return [
                .text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), .await(gate),
                .text("3\r\ndef\r\n0\r\n\r\n"), .keepAlive,
            ]
        } _: { server, _ in
            let transport = HTTPTransport(
                configuration: .init(keepAlive: .seconds(3600), connectionsPerHost: 1),
                lookup: HostResolver.system,
                drain: .seconds(3600)
            )
            do {
                let response = try await transport.send(.get(server.url + "/long"))
                for try await piece in response.body {
                    #expect(piece == Array("abc".utf8))
                    break
                }
                response.body.skipRest()
            }
            gate.open()
            try await self.expect("x", from: transport, server.url)
            #expect(server.connectionCount == 1)
            await transport.shutdown()
        }
    }

    @Test("A large body arrives whole, in pieces of a bounded size")
    func large() async throws {
        let text = String(repeating: "0123456789abcdef", count: 500_000)
        try await self.withScripts([.whole(200, text), .keepAlive]) { server, transport in
            var largest = 0
            var total = 0
            var pieces = try await transport.send(.get(server.url)).body.makeAsyncIterator()
            while let piece = try await pieces.nextBuffer() {
                largest = max(largest, piece.readableBytes)
                total += piece.readableBytes
            }
            #expect(total == text.utf8.count)
            #expect(largest <= 32 * 1024)
        }
    }
}
