import CherryNet
import CherryTesting
import Testing

@Suite("HTTP transport: stopping")
struct HTTPTransportCancellationTests {
    /// The time that a stop may take to reach the server.
    private static let limit = Duration.milliseconds(100)

    private func expectPrompt(_ times: [Duration], sourceLocation: SourceLocation = #_sourceLocation) {
        let slow = times.filter { $0 >= Self.limit }
        #expect(slow.isEmpty, sourceLocation: sourceLocation)
    }

    @Test(
        "Cancelling while the body streams closes the connection within 100 ms, a hundred times",
        .enabled(if: TimedTests.isAlone, Comment(rawValue: TimedTests.reason))
    )
    func promptStopInBody() async throws {
        try await withServer { _ in
            [.head(200), .text("first"), .hang]
        } _: { server, transport in
            var closings = server.closings.makeAsyncIterator()
            var times: [Duration] = []
            for _ in 1...100 {
                let started = Gate()
                let url = server.url
                let task = Task {
                    let response = try await transport.send(.get(url))
                    for try await _ in response.body { started.open() }
                }
                await started.wait()
                let stopped = ContinuousClock.now
                task.cancel()
                times.append(try #require(await closings.next()) - stopped)
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            self.expectPrompt(times)
        }
    }

    @Test(
        "Cancelling before the answer begins closes the connection within 100 ms, twenty times",
        .enabled(if: TimedTests.isAlone, Comment(rawValue: TimedTests.reason))
    )
    func promptStopBeforeAnswer() async throws {
        let (received, continuation) = AsyncStream.makeStream(of: Void.self)
        try await withServer { _ in
            continuation.yield()
            return [.hang]
        } _: { server, transport in
            var closings = server.closings.makeAsyncIterator()
            var arrivals = received.makeAsyncIterator()
            var times: [Duration] = []
            for _ in 1...20 {
                let url = server.url
                let task = Task { _ = try await transport.send(.get(url)) }
                await arrivals.next()
                let stopped = ContinuousClock.now
                task.cancel()
                times.append(try #require(await closings.next()) - stopped)
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            self.expectPrompt(times)
        }
    }

    @Test("Leaving the body unread to its end closes the connection")
    func drop() async throws {
        try await withServer { _ in
            [.head(200), .text("first"), .hang]
        } _: { server, transport in
            var closings = server.closings.makeAsyncIterator()
            for try await _ in try await transport.send(.get(server.url)).body { break }
            #expect(await closings.next() != nil)
        }
    }

    @Test("A limit that is reached closes the connection")
    func limit() async throws {
        try await withServer(limits: .impatientGap) { _ in
            [.head(200), .text("first"), .hang]
        } _: { server, transport in
            var closings = server.closings.makeAsyncIterator()
            let error = try await netError {
                _ = try await transport.send(.get(server.url)).body.collect(upTo: 100)
            }
            #expect(error.code == .stalled)
            #expect(await closings.next() != nil)
        }
    }

    @Test("The last transport that goes closes its connections")
    func release() async throws {
        try await ScriptedHTTPServer.with { _ in
            [.whole(200, "{}"), .keepAlive]
        } _: { server in
            var closings = server.closings.makeAsyncIterator()
            do {
                let transport = HTTPTransport()
                _ = try await transport.send(.get(server.url)).body.collect(upTo: 100)
            }
            #expect(await closings.next() != nil)
        }
    }
}
