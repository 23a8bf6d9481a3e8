import CherryObservability
import Foundation

/// Lines of the log as events. The id of each is its position: a client that has it needs what comes after.
struct LogEventEncoder: StreamEncoder {
    func encode(_ entry: LogTail.Entry) -> StreamFrame {
        StreamFrame(
            bytes: ServerSentEvent.frame(event: "line", id: String(entry.position), data: Self.json(entry))
        )
    }

    /// A line with its position.
    static func json(_ entry: LogTail.Entry) -> Data {
        Data(#"{"position":\#(entry.position),"line":"#.utf8) + entry.line.json + Data("}".utf8)
    }
}
