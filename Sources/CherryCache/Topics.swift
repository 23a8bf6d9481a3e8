/// Hands what is published on a topic to everybody who listens to it. Engines conform; `TopicsContract` in
/// `CherryTesting` is the law.
///
/// Nothing is kept for those who do not listen yet. Each listener gets what one publisher published in its order.
public protocol Topics: Sendable {
    /// Hands `payload` to the listeners of `topic`. Never waits for a slow one.
    func publish(_ payload: [UInt8], to topic: String) async throws

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - topics: the topics, of which a listener may have several in one queue.
    ///   - limit: messages that wait for this listener at most.
    ///   - overflow: what happens when one more comes.
    func subscribe(to topics: Set<String>, limit: Int, overflow: TopicOverflow) async throws -> TopicSubscription
}

/// What happens when a listener is too slow for its queue.
public enum TopicOverflow: Sendable, Hashable {
    /// The message that waits longest is dropped and counted.
    case dropOldest
    /// The subscription ends after what waits already: a listener that must not miss anything begins anew.
    case end
}

/// One published message.
public struct TopicMessage: Sendable, Hashable {
    public let topic: String
    public let payload: [UInt8]

    /// Creates a message.
    public init(topic: String, payload: [UInt8]) {
        self.topic = topic
        self.payload = payload
    }
}
