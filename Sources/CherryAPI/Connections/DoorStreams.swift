import CherryNet
import NIOCore
import NIOHTTPTypes
import Synchronization

/// All streams of the doors that are being written: gives those that are silent a sign of life, and ends all of them when
/// the vault is locked.
final class DoorStreams: Sendable {
    private struct State {
        var streams: [Int: DoorStream] = [:]
        var aborts: [Int: RequestAbort] = [:]
        var next = 0
    }
    private let state = Mutex(State())

    /// How many requests are under way.
    var count: Int { self.state.withLock { $0.aborts.count } }
    /// How many answers are being written as they come.
    var streamCount: Int { self.state.withLock { $0.streams.count } }

    /// Begins something that ends when the client goes or the vault is locked.
    ///
    /// - Returns: what `leave` takes.
    func enter(_ abort: RequestAbort) -> Int {
        let key = self.state.withLock { state in
            state.next += 1
            state.aborts[state.next] = abort
            return state.next
        }
        ClientConnection.current?.begin(abort)
        return key
    }

    /// It has ended.
    func leave(_ key: Int) {
        ClientConnection.current?.end()
        self.state.withLock { _ = $0.aborts.removeValue(forKey: key) }
    }

    /// Runs what asks providers; it ends when the client goes or the vault is locked.
    func run<Value>(_ abort: RequestAbort, _ body: () async throws -> Value) async throws -> Value {
        let key = self.enter(abort)
        defer { self.leave(key) }
        return try await RequestAbort.$current.withValue(abort, operation: body)
    }

    /// Ends everything that is under way.
    func abortAll() {
        for abort in self.state.withLock({ Array($0.aborts.values) }) { abort.abort() }
    }

    /// Begins to watch a stream.
    func open(_ channel: any Channel, heartbeat: [UInt8]) -> DoorStream {
        self.state.withLock { state in
            state.next += 1
            let stream = DoorStream(key: state.next, channel: channel, heartbeat: heartbeat)
            state.streams[state.next] = stream
            return stream
        }
    }

    /// Ends to watch one, before its end is written.
    func close(_ stream: DoorStream) {
        stream.close()
        self.state.withLock { _ = $0.streams.removeValue(forKey: stream.key) }
    }

    /// A part of the interval between signs of life has passed.
    func tick() {
        for stream in self.state.withLock({ Array($0.streams.values) }) { stream.tick() }
    }
}

/// One stream that is being written.
final class DoorStream: Sendable {
    /// Ticks without a word after which a sign of life is given.
    static let ticksPerHeartbeat = 3

    private struct State {
        var isOpen = true
        /// Whether what was written last ends between two events, and nothing is being written.
        var isBetweenEvents = true
        var silentTicks = 0
    }

    let key: Int
    private let channel: any Channel
    private let heartbeat: ByteBuffer
    private let state = Mutex(State())

    fileprivate init(key: Int, channel: any Channel, heartbeat: [UInt8]) {
        self.key = key
        self.channel = channel
        self.heartbeat = ByteBuffer(bytes: heartbeat)
    }

    /// Something is about to be written.
    func willWrite() { self.state.withLock { $0.isBetweenEvents = false } }

    /// It was written.
    func didWrite(endsEvent: Bool) {
        self.state.withLock { state in
            state.isBetweenEvents = endsEvent
            state.silentTicks = 0
        }
    }

    fileprivate func close() { self.state.withLock { $0.isOpen = false } }

    fileprivate func tick() {
        let isDue = self.state.withLock { state in
            state.silentTicks += 1
            guard state.silentTicks >= Self.ticksPerHeartbeat else { return false }
            state.silentTicks = 0
            return true
        }
        guard isDue else { return }
        self.channel.eventLoop.execute {
            // The lock is held while writing, so that the end of the stream cannot come in between. A client that does not
            // take what was written needs no sign of life.
            self.state.withLock { state in
                guard state.isOpen, state.isBetweenEvents, self.channel.isWritable else { return }
                self.channel.writeAndFlush(HTTPResponsePart.body(self.heartbeat), promise: nil)
            }
        }
    }
}
