import Synchronization

/// What one listener gets, for one reader. Letting go of it, and of its iterator, ends it.
public struct TopicSubscription: AsyncSequence, Sendable {
    public typealias Element = TopicMessage

    private let stream: AsyncStream<TopicMessage>
    private let feed: TopicFeed

    /// Creates a subscription and what an engine feeds it with.
    ///
    /// - Parameter whenOver: called once, when it has ended or nobody reads it any more.
    public static func make(
        limit: Int,
        overflow: TopicOverflow,
        whenOver: @escaping @Sendable () -> Void
    ) -> (subscription: TopicSubscription, feed: TopicFeed) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: TopicMessage.self,
            bufferingPolicy: overflow == .end ? .bufferingOldest(limit) : .bufferingNewest(limit)
        )
        continuation.onTermination = { _ in whenOver() }
        let feed = TopicFeed(continuation, overflow: overflow)
        return (TopicSubscription(stream: stream, feed: feed), feed)
    }

    /// Messages that were dropped so far because this listener was too slow.
    public var missed: Int { self.feed.missed }

    /// Ends it after what waits already.
    public func end() { self.feed.end() }

    public func makeAsyncIterator() -> AsyncStream<TopicMessage>.Iterator { self.stream.makeAsyncIterator() }
}

/// The engine's side of a subscription.
public final class TopicFeed: Sendable {
    private struct State {
        var missed = 0
        var isFull = false
    }

    private let continuation: AsyncStream<TopicMessage>.Continuation
    private let overflow: TopicOverflow
    private let state = Mutex(State())

    fileprivate init(_ continuation: AsyncStream<TopicMessage>.Continuation, overflow: TopicOverflow) {
        self.continuation = continuation
        self.overflow = overflow
    }

    var missed: Int { self.state.withLock { $0.missed } }

    /// Hands over a message, unless an earlier one had no room and the subscription is to end at that.
    ///
    /// - Returns: whether the subscription must be ended now, by `end()` and outside of any lock: it calls back.
    public func deliver(_ message: TopicMessage) -> Bool {
        self.state.withLock { state in
            guard !state.isFull else {
                state.missed += 1
                return false
            }
            guard case .dropped = self.continuation.yield(message) else { return false }
            state.missed += 1
            state.isFull = self.overflow == .end
            return state.isFull
        }
    }

    /// Ends the subscription after what waits already.
    public func end() { self.continuation.finish() }
}
