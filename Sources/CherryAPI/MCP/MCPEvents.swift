import AsyncAlgorithms
import CherryBridge
import CherryCore
import Foundation
import HTTPTypes
import Hummingbird
import ServiceLifecycle

/// Sends the messages of one stream as server-sent events, for as long as the client, its token and the server are
/// there.
struct MCPEvents: Sendable {
    private enum Item: Sendable {
        case entry(MCPStream.Entry)
        case ended
        case tick
    }

    let sessions: MCPSessions
    let authorizer: any MCPAuthorizer
    let clock: any Clock<Duration>
    let pingInterval: Duration

    /// The answer that carries a stream.
    ///
    /// - Parameters:
    ///   - body: the request's body; whoever has read it puts what was read back into the request first, else the end of
    ///     the connection could not be seen.
    ///   - jobs: work that ends when the client goes; that of a session goes on without it.
    ///   - index: the last message that the client has.
    func response(
        to body: RequestBody,
        _ stream: MCPStream,
        of session: MCPSession,
        _ grant: MCPGrant,
        doing jobs: [MCPSession.Job] = [],
        after index: Int = -1
    ) throws -> Response {
        let guest = session.version == nil ? session : nil
        try self.sessions.checkRoom()
        // The server closes the connection after a stream; a client that does not know would use it once more.
        let headers: HTTPFields = [
            .contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no", .connection: "close",
        ]
        let response = ResponseBody { writer in
            self.sessions.openStream(guest: guest)
            defer { self.sessions.closeStream(guest: guest) }
            do {
                try await body.consumeWithCancellationOnInboundClose { _ in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for job in jobs { group.addTask { await job.run(self.sessions.server) } }
                        try await self.send(stream, of: session, grant, after: index, to: &writer)
                        group.cancelAll()
                    }
                }
            } catch is CancellationError {
                // The client has gone: the write below says so to the server.
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: response)
    }

    @concurrent
    private func send(
        _ stream: MCPStream,
        of session: MCPSession,
        _ grant: MCPGrant,
        after index: Int,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        let isResumable = session.version?.hasResumption == true
        // Says how to come back before anything happened; older clients would read the empty data as a message.
        if session.version == .november2025, index < 0, stream.number > 0 {
            try await writer.write(ByteBuffer(string: "id: \(MCPStream.eventID(stream.number, -1))\ndata:\n\n"))
        } else {
            // Headers travel with the first bytes.
            try await writer.write(ServerSentEvent.ping)
        }
        let items = merge(
            chain(stream.entries(after: index).map { Item.entry($0) }, [Item.ended].async),
            self.ticks.map { Item.tick }
        )
        for try await item in items.cancelOnGracefulShutdown() {
            switch item {
            case .entry(let entry):
                let id = isResumable ? MCPStream.eventID(stream.number, entry.index) : nil
                try await writer.write(
                    ServerSentEvent.frame(event: "message", id: id, data: Data(entry.message.bytes))
                )
            case .ended: return
            case .tick:
                // A token that was revoked, or a vault that was locked, ends its streams at the latest now.
                guard await self.authorizer.isValid(grant) else { return }
                try await writer.write(ServerSentEvent.ping)
            }
        }
    }

    private var ticks: AsyncStream<Void> {
        let (clock, interval) = (self.clock, self.pingInterval)
        return AsyncStream {
            do {
                try await clock.sleep(for: interval)
                return ()
            } catch {
                return nil  // cancelled: the stream is over
            }
        }
    }
}
