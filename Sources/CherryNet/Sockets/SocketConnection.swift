import NIOCore

/// An open connection that carries bytes both ways, for one task at a time. Letting go of it closes it.
public final class SocketConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<SocketHandler>
    private let host: String

    /// Creates the handle of an open channel, on its event loop.
    init(_ channel: any Channel, handler: SocketHandler, host: String) {
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        self.host = host
    }

    deinit {
        self.channel.close(promise: nil)
    }

    /// Sends bytes and returns when the system has all of them, which does not mean that the peer does.
    ///
    /// - Throws: `NetError` with code `.connectionLost`, `.stalled` when the peer takes nothing for too long, or
    ///   `CancellationError`. The connection is of no use afterwards.
    public func send(_ bytes: [UInt8], within time: Duration) async throws {
        let sent = self.channel.eventLoop.makePromise(of: Void.self)
        self.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: sent)
        try await self.wait(for: sent.futureResult, within: time)
    }

    /// The next bytes that arrive, at least one; `nil` when the peer sends no more.
    ///
    /// Nothing is read beyond what is asked for, so a peer that sends without end is held up.
    ///
    /// - Throws: `NetError` with code `.stalled` when nothing arrives in time or `.connectionLost`, or
    ///   `CancellationError`. The connection is of no use afterwards.
    public func receive(within time: Duration) async throws -> [UInt8]? {
        let loop = self.channel.eventLoop
        let received = loop.flatSubmit { [handler] in handler.value.receive(on: loop) }
        return try await self.wait(for: received, within: time)
    }

    /// Closes both ways at once.
    public func close() {
        self.channel.close(promise: nil)
    }

    private func wait<Value: Sendable>(for future: EventLoopFuture<Value>, within time: Duration) async throws -> Value
    {
        do {
            return try await future.get(until: .now() + TimeAmount(time), orThrow: .stalled)
        } catch {
            self.close()
            throw NetError.translate(error, host: self.host)
        }
    }
}
