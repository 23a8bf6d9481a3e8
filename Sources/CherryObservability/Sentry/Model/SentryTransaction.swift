public import CherryCore

/// A request, a turn or another whole piece of work with its spans, as an item `transaction`.
///
/// Its names come from closed sets as those of an event do.
public struct SentryTransaction: Sendable, Hashable {
    public struct Span: Sendable, Hashable {
        public var id: HexID
        public var parentID: HexID?
        public var operation: SymbolName
        public var start: Timestamp
        public var end: Timestamp
        public var isFailed: Bool

        public init(
            id: HexID,
            parentID: HexID?,
            operation: SymbolName,
            start: Timestamp,
            end: Timestamp,
            isFailed: Bool = false
        ) {
            self.id = id
            self.parentID = parentID
            self.operation = operation
            self.start = start
            self.end = end
            self.isFailed = isFailed
        }
    }

    public var id: HexID
    public var traceID: HexID
    public var root: Span
    public var name: RouteName
    public var status: Int?
    public var spans: [Span]
    public var identity: ServiceIdentity

    /// Spans beyond these are left out.
    static let spanLimit = 1000

    public init(
        id: HexID,
        traceID: HexID,
        root: Span,
        name: RouteName,
        status: Int? = nil,
        spans: [Span],
        identity: ServiceIdentity
    ) {
        self.id = id
        self.traceID = traceID
        self.root = root
        self.name = name
        self.status = status
        self.spans = spans
        self.identity = identity
    }

    var json: JSONValue {
        var trace: JSONObject = [
            "trace_id": .string(self.traceID.text), "span_id": .string(self.root.id.text),
            "op": .string(self.root.operation.text), "status": .string(self.root.isFailed ? "internal_error" : "ok"),
        ]
        if let parent = self.root.parentID { trace["parent_span_id"] = .string(parent.text) }
        var json: JSONObject = [
            "type": "transaction", "event_id": .string(self.id.text), "platform": "other",
            "transaction": .string(self.name.text), "transaction_info": ["source": "route"],
            "start_timestamp": SentryTime.seconds(self.root.start), "timestamp": SentryTime.seconds(self.root.end),
            "release": .string(self.identity.release), "environment": .string(self.identity.environment),
            "server_name": .string(self.identity.instance), "contexts": ["trace": .object(trace)],
        ]
        var tags: JSONObject = ["role": .string(self.identity.role)]
        if let status { tags["http.status"] = .string(String(status)) }
        json["tags"] = .object(tags)
        json["spans"] = .array(
            self.spans.prefix(Self.spanLimit).map { span in
                var json: JSONObject = [
                    "trace_id": .string(self.traceID.text), "span_id": .string(span.id.text),
                    "parent_span_id": .string((span.parentID ?? self.root.id).text),
                    "op": .string(span.operation.text), "start_timestamp": SentryTime.seconds(span.start),
                    "timestamp": SentryTime.seconds(span.end),
                ]
                json["status"] = .string(span.isFailed ? "internal_error" : "ok")
                return .object(json)
            }
        )
        return .object(json)
    }

    /// The payload to keep in the journal.
    public var stored: [UInt8] { SentryEnvelope(.transaction, self.json, eventID: self.id).stored() }
}
