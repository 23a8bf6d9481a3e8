import CherryCore

/// The body of `POST /<data stream>/_bulk`: for each line an action and a document, each on a line of its own.
///
/// <https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk>
enum BulkRequest {
    /// The action is `create` under the record's id, so that a repetition is refused instead of stored twice.
    static func body(_ lines: some Collection<DeliveredLine>, from identity: ServiceIdentity) -> [UInt8] {
        let speaker = identity.fields.map { (key: $0.name, value: $0.value.json) }
        // With a comma instead of the brace at its beginning.
        let end = [UInt8(ascii: ",")] + JSONValue.object(JSONObject(speaker)).bytes.dropFirst() + [0x0a]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.reduce(0) { $0 + $1.json.count + end.count + 64 })
        for line in lines {
            bytes.append(#"{"create":{"_id":"#)
            bytes.appendJSON(line.id)
            bytes.append("}}\n{\"@timestamp\":\"")
            line.time.write(to: &bytes)
            bytes.append(#"","#)
            bytes += line.rest
            bytes += end
        }
        return bytes
    }
}
