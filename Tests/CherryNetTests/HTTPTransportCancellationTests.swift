import CherryNet
import CherryTesting
import Testing

@Suite("HTTP transport: stopping")
struct HTTPTransportCancellationTests {
    /// The time that a stop may take to reach the server.
    private static let limit = Duration.milliseconds(100)

    @Test("Cancelling while the body streams closes the connection within 100 ms, a hundred times")
    func cancelBody() async throws {
        try await withServer { _ in
            [.head(200), .text("first"), .hang]
        } _: { server, transport in
            var closings = server.closings.makeAsyncIterator()
            for _ in 1...100 {
                let started = Gate()
                let url = server.url
                let task = Task {
                    let response = try await transport.send(.init(.get, url))
                    for try await _ in response.body { started.open() }
                }
                await started.wait()
                let stopped = ContinuousClock.now
                task.cancel()
                let closed = try #require(await closings.next())
                #expect(closed - stopped < Self.limit)
                await #expect(throws: CancellationError.self) { try await task.value }
            }
        }
    }

    @Test("Cancelling before the answer begins closes the connection within 100 ms")
    func cancelHead() async throws {
        let received = Gate()
        try await withServer { _ in
            received.open()
            return [.hang]
        } _: { server, transport in
            var closings = server.closings.makeAsyncIterator()
            let url = server.url
            let task = Task { _ = try await transport.send(.init(.get, url)) }
            await received.wait()
            let stopped = ContinuousClock.now
            task.cancel()
            let closed = try #require(await closings.next())
            #expect(closed - stopped < Self.limit)
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("Leaving the body unread to its end closes the connection")
    func drop() async throws {
        try await withServer { _ in
            [.head(200), .text("first"), .hang]
        } _: { server, transport in
            var closings = server.closings.makeAsyncIterator()
            for try await _ in try await transport.send(.init(.get, server.url)).body { break }
            #expect(await closings.next() != nil)
        }
    }

    @Test("A limit that is reached closes the connection")
    func limit() async throws {
        try await withServer(limits: .short) { _ in
            [.head(200), .text("first"), .hang]
        } _: { server, transport in
            var closings = server.closings.makeAsyncIterator()
            let error = try await netError {
                _ = try await transport.send(.init(.get, server.url)).body.collect(upTo: 100)
            }
            #expect(error.code == .stalled)
            #expect(await closings.next() != nil)
        }
    }

    @Test("The last transport that goes closes its connections")
    func release() async throws {
        try await ScriptedHTTPServer.with { _ in [.whole(200, "{}"), .keepAlive] } _: { server in
            var closings = server.closings.makeAsyncIterator()
            do {
                let transport = HTTPTransport()
                _ = try await transport.send(.init(.get, server.url)).body.collect(upTo: 100)
            }
            #expect(await closings.next() != nil)
        }
    }
}
