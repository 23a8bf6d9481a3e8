import Synchronization

/// Carries bytes between the processes of one hub: whoever listens on a channel gets what is published there.
public protocol HubTopics: Sendable {
    /// Publishes to everybody who listens, also to this process.
    ///
    /// - Throws: when it cannot be carried now.
    func publish(_ bytes: [UInt8], on channel: String) async throws

    /// What is published from now on. Bounded: a listener that does not keep up misses the oldest.
    func listen(on channel: String) async throws -> AsyncStream<[UInt8]>
}

/// The topics of a single process.
public final class InProcessTopics: HubTopics {
    private struct State {
        var listeners: [Int: (channel: String, continuation: AsyncStream<[UInt8]>.Continuation)] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())
    private let bound: Int

    /// Creates topics without listeners.
    ///
    /// - Parameter bound: how many messages may wait for each listener.
    public init(bound: Int = 1024) { self.bound = bound }

    public func publish(_ bytes: [UInt8], on channel: String) {
        let listeners = self.state.withLock { state in
            state.listeners.values.filter { $0.channel == channel }.map(\.continuation)
        }
        for listener in listeners { listener.yield(bytes) }
    }

    public func listen(on channel: String) -> AsyncStream<[UInt8]> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: [UInt8].self,
            bufferingPolicy: .bufferingNewest(self.bound)
        )
        let id = self.state.withLock { state in
            state.nextID += 1
            state.listeners[state.nextID] = (channel, continuation)
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) }
        }
        return stream
    }
}
