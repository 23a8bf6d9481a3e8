import Hummingbird

/// The change feed as events.
struct FeedEventEncoder: StreamEncoder {
    private struct Position: Encodable {
        let position: Int64
    }

    func encode(_ position: Int64) -> StreamFrame {
        StreamFrame(
            bytes: ServerSentEvent.frame(
                event: "change",
                id: String(position),
                data: JSON.encode(Position(position: position))
            )
        )
    }
}
