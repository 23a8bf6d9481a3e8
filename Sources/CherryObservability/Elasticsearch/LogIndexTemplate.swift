import CherryCore

/// The index template of the data stream: what fields there are, and of which type.
enum LogIndexTemplate {
    static let name = "logs-cherry"
    /// Above those that come with Elasticsearch for `logs-*-*`, which have 100.
    private static let priority: Int64 = 200

    /// The body of `PUT /_index_template/logs-cherry`.
    ///
    /// - Parameter stream: the data stream's name.
    static func body(stream: String) -> [UInt8] {
        var properties: JSONObject = ["@timestamp": .object(["type": "date"]), "message": .object(["type": "text"])]
        for name in ["level", "logger", "module", "role", "service", "version", "environment", "instance"] {
            properties[name] = .object(["type": "keyword"])
        }
        for key in LogKey.allCases {
            properties[key.field] = .object(["type": key.rule == .integer ? "long" : "keyword"])
        }
        let mappings: JSONValue = .object(["dynamic": false, "properties": .object(properties)])
        return JSONValue.object([
            "index_patterns": .array([.string(stream)]),
            "data_stream": .object([:]),
            "priority": .integer(self.priority),
            "template": .object(["mappings": mappings]),
        ]).bytes
    }
}
