import AsyncAlgorithms
import CherryVault
import HTTPTypes
import Hummingbird
import ServiceLifecycle

/// Sends what a source yields as server-sent events, for as long as the client, the session, the vault and the server
/// are there.
///
/// The source is read only as fast as the client takes the events. It is let go as soon as the client has gone.
struct EventStreams: Sendable {
    private enum Item<Element: Sendable>: Sendable {
        case element(Element)
        case sourceEnded
        case signal(StreamHub.Signal)
        case tick
    }

    let hub: StreamHub
    let sessions: SessionRegistry
    let vault: Vault
    let clock: any Clock<Duration>
    let pingInterval: Duration

    /// The answer that carries a stream.
    ///
    /// - Parameters:
    ///   - isActivity: whether each event shows that the user is being served, which puts off the idle lock.
    ///   - source: opened when the body is sent, so that a request for the headers alone opens nothing.
    func response<Source: AsyncSequence & Sendable, Encoder: StreamEncoder>(
        to call: Call,
        encoder: Encoder,
        isActivity: Bool,
        source: @escaping @Sendable () async throws -> Source
    ) throws -> Response where Source.Element == Encoder.Element {
        try self.hub.checkRoom()
        let session = try call.session
        let headers: HTTPFields = [
            .contentType: "text/event-stream",
            .cacheControl: "no-store",
            .accelBuffering: "no",
        ]
        let body = ResponseBody { writer in
            guard let unlock = self.vault.state.unlockedSince else {
                try await writer.write(ServerSentEvent.lock)
                try await writer.finish(nil)
                return
            }
            let ticket = self.hub.join(session: session.id, unlock: unlock)
            defer { self.hub.leave(ticket) }
            do {
                try await call.request.body.consumeWithCancellationOnInboundClose { _ in
                    let source = try await source()
                    try await self.send(source, encoder, ticket, session, isActivity, to: &writer)
                }
            } catch is CancellationError {
                // The client has gone: the write below says so to the server.
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    @concurrent
    private func send<Source: AsyncSequence & Sendable, Encoder: StreamEncoder>(
        _ source: Source,
        _ encoder: Encoder,
        _ ticket: StreamHub.Ticket,
        _ session: Session,
        _ isActivity: Bool,
        to writer: inout any ResponseBodyWriter
    ) async throws where Source.Element == Encoder.Element {
        typealias Next = Item<Encoder.Element>
        var encoder = encoder
        let items = merge(
            chain(source.map { Next.element($0) }, [Next.sourceEnded].async),
            ticket.signals.map { Next.signal($0) },
            self.ticks.map { Next.tick }
        )
        for try await item in items.cancelOnGracefulShutdown() {
            switch item {
            case .element(let element):
                let frame = encoder.encode(element)
                try await writer.write(frame.bytes)
                if isActivity { self.vault.touch() }
                if frame.isLast { return }
            case .sourceEnded:
                // A source that ends early does so because what it read was locked away.
                if !self.vault.state.isUnlocked { try await writer.write(ServerSentEvent.lock) }
                return
            case .signal(.locked):
                try await writer.write(ServerSentEvent.lock)
                return
            case .signal(.ended):
                return
            case .tick:
                guard self.sessions.isAlive(session.id) else { return }
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
