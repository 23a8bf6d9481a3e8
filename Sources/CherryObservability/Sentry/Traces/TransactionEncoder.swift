import CherryCore

/// Writes transactions as a Sentry server takes them (developer documentation, "Transaction Payloads", "Span Interface",
/// "Dynamic Sampling Context").
///
/// A span has no words but those of `SpanRules`; of these the names of routes and codes of errors are held to what this
/// program has.
struct TransactionEncoder: Sendable {
    let identity: ServiceIdentity
    /// The templates of the server's routes; no other route is named.
    let routes: Set<String>
    /// The part of traces that is sent, from 0 to 1.
    let share: Double

    func envelope(_ transaction: SentryTransaction, id: HexID) -> SentryEnvelope {
        SentryEnvelope(
            .transaction,
            self.json(transaction, id),
            eventID: id,
            trace: self.samplingContext(transaction.root.context.trace)
        )
    }

    private func json(_ transaction: SentryTransaction, _ id: HexID) -> JSONValue {
        let root = transaction.root
        let (name, source) = self.name(of: root)
        var tags: JSONObject = ["role": .string(self.identity.role)]
        if case .integer(let status) = root["http.response.status_code"] {
            tags["http.status"] = .string(String(status))
        }
        return [
            "type": "transaction", "event_id": .string(id.text), "platform": "other",
            "transaction": .string(name), "transaction_info": ["source": .string(source)],
            "start_timestamp": Self.seconds(root.start), "timestamp": Self.seconds(root.end),
            "release": .string(self.identity.release), "environment": .string(self.identity.environment),
            "server_name": .string(self.identity.instance),
            "sdk": SentryClientName(version: self.identity.version).json,
            "tags": .object(tags), "contexts": ["trace": .object(self.members(of: root))],
            "spans": .array(transaction.spans.map(self.span)),
        ]
    }

    private func span(_ span: SpanRecord) -> JSONValue {
        var json = self.members(of: span)
        json["description"] = .string(span.name)
        json["start_timestamp"] = Self.seconds(span.start)
        json["timestamp"] = Self.seconds(span.end)
        return .object(json)
    }

    /// What the whole and its steps have alike.
    private func members(of span: SpanRecord) -> JSONObject {
        var json: JSONObject = [
            "trace_id": .string("\(span.context.trace)"), "span_id": .string("\(span.context.span)"),
        ]
        if let parent = span.parent { json["parent_span_id"] = .string("\(parent)") }
        json["op"] = .string(span.kind == .server ? "http.server" : span.name)
        json["status"] = .string(SentrySpanStatus(of: span).rawValue)
        let data = span.attributes.map { ($0.key, self.value(of: $0)) }
        if !data.isEmpty { json["data"] = .object(JSONObject(data)) }
        return json
    }

    /// A request is called by its route, as reports of its errors are; all else by its span.
    private func name(of root: SpanRecord) -> (name: String, source: String) {
        root.kind == .server ? (self.route(root["http.route"]), "route") : (root.name, "task")
    }

    private func route(_ value: SpanRecord.Value?) -> String {
        guard case .text(let text) = value, self.routes.contains(text) else { return RouteName(template: nil).text }
        return RouteName(template: text).text
    }

    private func value(of attribute: SpanRecord.Attribute) -> JSONValue {
        switch (attribute.key, attribute.value) {
        case ("http.route", let value): .string(self.route(value))
        case ("error.type", .text("cancelled")): "cancelled"
        case ("error.type", .text(let code)): .string(FailureCode(name: code).name)
        case (_, .integer(let value)): .integer(value)
        case (_, .bool(let value)): .bool(value)
        case (_, .text(let text)): .string(text)
        }
    }

    /// What the server samples a trace by. It has to be the same for all transactions of a trace, so the name of one is not in
    /// it. The random number is the trace's place, by which it was kept.
    private func samplingContext(_ trace: TraceID) -> JSONObject {
        let millionths = Int(Double(TraceShare.place(of: trace)) / TraceShare.whole * 1e6)
        let digits = String(millionths)
        return [
            "trace_id": .string("\(trace)"), "sample_rate": .string("\(self.share)"),
            "sample_rand": .string("0." + String(repeating: "0", count: 6 - digits.utf8.count) + digits),
            "sampled": "true", "release": .string(self.identity.release),
            "environment": .string(self.identity.environment),
        ]
    }

    /// Seconds since 1970, with microseconds.
    private static func seconds(_ nanoseconds: UInt64) -> JSONValue { .number(Double(nanoseconds / 1000) / 1e6) }
}
