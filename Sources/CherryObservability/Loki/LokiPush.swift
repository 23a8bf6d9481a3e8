import CherryCore

/// The body of `POST /loki/api/v1/push`: <https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs>.
enum LokiPush {
    /// Entries by stream, the streams in the order in which they occur. Labels are few and from closed sets, for each
    /// combination is a stream of its own.
    static func body(_ entries: some Collection<LokiEntry>, from identity: ServiceIdentity) -> [UInt8] {
        var streams: [(key: String, labels: JSONValue, values: [JSONValue])] = []
        for entry in entries {
            let key = "\(entry.level) \(entry.role)"
            let place =
                streams.firstIndex { $0.key == key }
                ?? {
                    streams.append((key, self.labels(entry, identity), []))
                    return streams.count - 1
                }()
            streams[place].values.append(self.value(entry))
        }
        let all = streams.map { JSONValue.object(["stream": $0.labels, "values": .array($0.values)]) }
        return JSONValue.object(["streams": .array(all)]).bytes
    }

    private static func labels(_ entry: LokiEntry, _ identity: ServiceIdentity) -> JSONValue {
        [
            "service": .string(identity.service), "level": .string(entry.level), "role": .string(entry.role),
            "environment": .string(identity.environment), "instance": .string(identity.instance),
        ]
    }

    private static func value(_ entry: LokiEntry) -> JSONValue {
        var value: [JSONValue] = [
            .string(String(entry.nanoseconds)), .string(String(decoding: entry.text, as: UTF8.self)),
        ]
        if !entry.metadata.isEmpty {
            value.append(.object(JSONObject(entry.metadata.map { (key: $0.name, value: .string($0.value)) })))
        }
        return .array(value)
    }
}
