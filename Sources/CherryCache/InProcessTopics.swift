import Synchronization

/// Topics within this process.
public final class InProcessTopics: Topics {
    private struct State {
        var listeners: [Int: (topics: Set<String>, feed: TopicFeed)] = [:]
        var byTopic: [String: Set<Int>] = [:]
        var nextListener = 0
    }

    private let state = Mutex(State())

    /// Creates topics without listeners.
    public init() {}

    public func publish(_ payload: [UInt8], to topic: String) {
        let message = TopicMessage(topic: topic, payload: payload)
        // Within the lock, so that all listeners get the messages of several publishers in one order; it blocks nobody.
        let full = self.state.withLock { state in
            (state.byTopic[topic] ?? []).compactMap { state.listeners[$0]?.feed }.filter { $0.deliver(message) }
        }
        for feed in full { feed.end() }
    }

    public func subscribe(to topics: Set<String>, limit: Int, overflow: TopicOverflow) -> TopicSubscription {
        let number = self.state.withLock { state in
            state.nextListener += 1
            return state.nextListener
        }
        let (subscription, feed) = TopicSubscription.make(limit: limit, overflow: overflow) { [weak self] in
            self?.remove(number)
        }
        self.state.withLock { state in
            state.listeners[number] = (topics, feed)
            for topic in topics { state.byTopic[topic, default: []].insert(number) }
        }
        return subscription
    }

    /// How many listen now.
    public var listenerCount: Int { self.state.withLock { $0.listeners.count } }

    private func remove(_ number: Int) {
        self.state.withLock { state in
            guard let topics = state.listeners.removeValue(forKey: number)?.topics else { return }
            for topic in topics {
                state.byTopic[topic]?.remove(number)
                if state.byTopic[topic]?.isEmpty == true { state.byTopic[topic] = nil }
            }
        }
    }
}
