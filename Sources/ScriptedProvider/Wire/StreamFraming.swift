/// How an API turns the events of a streamed answer into bytes.
enum StreamFraming: Sendable, Hashable {
    /// WHATWG HTML, "Server-sent events". `isNamed`: whether events carry their names.
    case serverSentEvents(isNamed: Bool)
    /// One JSON text a line.
    case lines
    case awsEventStream

    var contentType: String {
        switch self {
        case .serverSentEvents: "text/event-stream; charset=utf-8"
        case .lines: "application/x-ndjson"
        case .awsEventStream: "application/vnd.amazon.eventstream"
        }
    }

    /// The bytes of one event, with a comment before it when the habits say so.
    func bytes(of event: AnswerEvent, habits: WireHabits) -> [UInt8] {
        let end = habits.lineEnds.bytes
        switch self {
        case .serverSentEvents(let isNamed):
            var bytes: [UInt8] = []
            if habits.comments { bytes += Array(": still here".utf8) + end + Array(":".utf8) + end + end }
            if isNamed { bytes += Array("event: \(event.name)".utf8) + end }
            return bytes + Array("data: ".utf8) + event.data + end + end
        case .lines:
            return event.data + (habits.lineEnds == .cr ? [0x0A] : end)
        case .awsEventStream:
            let kind = event.isError ? "exception" : "event"
            return EventStreamMessage(
                headers: [
                    (":\(kind)-type", event.name), (":content-type", "application/json"), (":message-type", kind),
                ],
                payload: event.data
            ).bytes
        }
    }
}
