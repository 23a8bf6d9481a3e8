import CherryNet
import CherryTesting
import Testing

@Suite("Ending requests from outside")
struct RequestAbortTests {
    @Test("A body that is waited for ends, and the connection is closed")
    func inBody() async throws {
        try await withServer { _ in
            [.head(200), .text("first"), .hang]
        } _: { server, transport in
            let abort = RequestAbort()
            try await RequestAbort.$current.withValue(abort) {
                var pieces = try await transport.send(.get(server.url)).body.makeAsyncIterator()
                let first = try await pieces.next()
                #expect(first == Array("first".utf8))
                abort.abort()
                await #expect(throws: CancellationError.self) { try await pieces.next() }
            }
            var closings = server.closings.makeAsyncIterator()
            _ = await closings.next()
        }
    }

    @Test("So does one whose answer has not begun")
    func beforeAnswer() async throws {
        let abort = RequestAbort()
        try await withServer { _ in
            abort.abort()
            return [.hang]
        } _: { server, transport in
            await RequestAbort.$current.withValue(abort) {
                await #expect(throws: CancellationError.self) { try await transport.send(.get(server.url)) }
            }
            var closings = server.closings.makeAsyncIterator()
            _ = await closings.next()
        }
    }

    @Test("Nothing is sent afterwards")
    func afterwards() async throws {
        try await withServer { _ in
            [.whole(200, "x")]
        } _: { server, transport in
            let abort = RequestAbort()
            abort.abort()
            await RequestAbort.$current.withValue(abort) {
                await #expect(throws: CancellationError.self) { try await transport.send(.get(server.url)) }
            }
            #expect(server.requests.isEmpty)
            #expect(abort.isAborted)
        }
    }

    @Test("An answer that is whole stays whole, and others are not touched")
    func others() async throws {
        try await withServer { _ in
            [.whole(200, "x"), .keepAlive]
        } _: { server, transport in
            let abort = RequestAbort()
            let body = try await RequestAbort.$current.withValue(abort) {
                try await transport.send(.get(server.url)).body.collect(upTo: 10)
            }
            #expect(body == [UInt8(ascii: "x")])
            let other = try await transport.send(.get(server.url))
            abort.abort()
            #expect(try await other.body.collect(upTo: 10) == [UInt8(ascii: "x")])
        }
    }
}
