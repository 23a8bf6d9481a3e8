import CherryCore

/// The body of `POST /<data stream>/_bulk`: for each line an action and a document, each on a line of its own.
///
/// <https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk>
enum BulkRequest {
    /// The action is `create` under the record's id, so that a repetition is refused instead of stored twice.
    static func body(_ lines: some Collection<DeliveredLine>, from identity: ServiceIdentity) -> [UInt8] {
        var bytes: [UInt8] = []
        for line in lines {
            JSONValue.object(["create": .object(["_id": .string(line.id)])]).write(to: &bytes)
            bytes.append(0x0a)
            self.document(line, from: identity).write(to: &bytes)
            bytes.append(0x0a)
        }
        return bytes
    }

    private static func document(_ line: DeliveredLine, from identity: ServiceIdentity) -> JSONValue {
        let time = (key: "@timestamp", value: JSONValue.string(line.line.time.text))
        let fields = line.fields(from: identity).map { (key: $0.name, value: $0.value.json) }
        return .object(JSONObject([time] + fields))
    }
}
