import CherryCore
import Logging

/// The body of `POST /loki/api/v1/push`: <https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs>.
enum LokiPush {
    /// Stand beside the line, for looking it up: ids are no labels.
    private static let metadata: [StaticString] = ["request_id", "trace_id", "span_id"]

    /// Entries by stream, the streams in the order in which they occur. Labels are few.
    static func body(_ entries: some Collection<LokiEntry>, from identity: ServiceIdentity) -> [UInt8] {
        var streams: [LokiEntry.Stream] = []
        var size = 0
        for entry in entries {
            size += entry.line.json.count
            if !streams.contains(entry.stream) { streams.append(entry.stream) }
        }
        var body: [UInt8] = []
        // A line is escaped, and its time, ids and marks stand beside it.
        body.reserveCapacity(size * 5 / 4 + entries.count * 200 + 1024)
        body.append(#"{"streams":["#)
        for (number, stream) in streams.enumerated() {
            body.append(number > 0 ? #",{"stream":"# : #"{"stream":"#)
            self.labels(stream, identity).write(to: &body)
            body.append(#","values":["#)
            var isFirst = true
            for entry in entries where entry.stream == stream {
                if !isFirst { body.append(UInt8(ascii: ",")) }
                isFirst = false
                self.write(entry, to: &body)
            }
            body.append("]}")
        }
        body.append("]}")
        return body
    }

    private static func labels(_ stream: LokiEntry.Stream, _ identity: ServiceIdentity) -> JSONValue {
        [
            "service": .string(identity.service), "level": .string(stream.level.rawValue),
            "role": .string(stream.role), "environment": .string(identity.environment),
            "instance": .string(identity.instance),
        ]
    }

    /// One value of a stream: time, line and metadata.
    private static func write(_ entry: LokiEntry, to bytes: inout [UInt8]) {
        bytes.append(#"[""#)
        bytes += String(entry.nanoseconds).utf8
        bytes.append(#"",""#)
        LokiEntry.cut(entry.line.json).withUnsafeBufferPointer { bytes.appendJSON(content: $0) }
        bytes.append(UInt8(ascii: "\""))
        var mark = UInt8(ascii: "{")
        for name in self.metadata {
            guard let value = entry.line[name] else { continue }
            if mark == UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
            bytes.append(mark)
            mark = UInt8(ascii: ",")
            bytes.append(UInt8(ascii: "\""))
            bytes.append(name)
            bytes.append(#"":""#)
            bytes += value
            bytes.append(UInt8(ascii: "\""))
        }
        if mark == UInt8(ascii: ",") { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "]"))
    }
}
