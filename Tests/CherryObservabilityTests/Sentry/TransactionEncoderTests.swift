import CherryCore
import Testing

@testable import CherryObservability

@Suite("Transactions for Sentry")
struct TransactionEncoderTests {
    private static let encoder = TransactionEncoder(
        identity: .example,
        routes: ["/api/v1/messages/{id}"],
        share: 0.75
    )

    private static func request(_ attributes: [SpanRecord.Attribute], hasFailed: Bool = false) -> SentryTransaction {
        let request = SpanRecord.example(2, within: 9, "http.request", .server, hasFailed: hasFailed, attributes)
        return SentryTransaction(root: request, spans: [])
    }

    private static func json(_ transaction: SentryTransaction) throws -> JSONValue {
        let envelope = self.encoder.envelope(transaction, id: .example(1))
        return try JSONValue(parsing: try #require(envelope.items.first).payload)
    }

    private func data(_ json: JSONValue) -> JSONValue? { json["contexts"]?["trace"]?["data"] }

    @Test("A turn has the form of the documentation")
    func turn() {
        let turn = SpanRecord.example(3, within: 2, "turn", end: 1_790_000_000)
        var recall = SpanRecord.example(4, within: 3, hasFailed: true, [.init("cherry.hits", .integer(3))])
        recall.start = 1_789_999_999_123_456_789
        recall.end = 1_789_999_999_500_000_000
        let envelope = Self.encoder.envelope(SentryTransaction(root: turn, spans: [recall]), id: .example(1))
        let id = HexID.example(1).text
        let trace = "00000000000000018000000000000000"
        #expect(envelope.eventID == .example(1))
        #expect(
            String(decoding: envelope.items[0].payload, as: UTF8.self)
                == #"{"type":"transaction","event_id":"\#(id)","platform":"other","transaction":"turn","#
                + #""transaction_info":{"source":"task"},"start_timestamp":1789999999.0,"timestamp":1790000000.0,"#
                + #""release":"cherry@0.1.0","environment":"production","server_name":"quiet-river","#
                + #""sdk":{"name":"cherry","version":"0.1.0"},"tags":{"role":"all"},"contexts":{"trace":{"#
                + #""trace_id":"\#(trace)","span_id":"0000000000000003","parent_span_id":"0000000000000002","#
                + #""op":"turn","status":"ok"}},"spans":[{"trace_id":"\#(trace)","span_id":"0000000000000004","#
                + #""parent_span_id":"0000000000000003","op":"turn.recall","status":"internal_error","#
                + #""data":{"cherry.hits":3},"description":"turn.recall","start_timestamp":1789999999.123456,"#
                + #""timestamp":1789999999.5}]}"#
        )
    }

    @Test("A request is called by its route and tells how it was answered")
    func request() throws {
        let json = try Self.json(
            Self.request([
                .init("http.request.method", .text("GET")), .init("http.response.status_code", .integer(404)),
                .init("http.route", .text("/api/v1/messages/{id}")),
            ])
        )
        #expect(json["transaction"] == "/api/v1/messages/{id}")
        #expect(json["transaction_info"] == ["source": "route"])
        #expect(json["tags"] == ["role": "all", "http.status": "404"])
        #expect(json["contexts"]?["trace"]?["op"] == "http.server")
        #expect(json["contexts"]?["trace"]?["status"] == "not_found")
        #expect(
            self.data(json) == [
                "http.request.method": "GET", "http.response.status_code": 404, "http.route": "/api/v1/messages/{id}",
            ]
        )
    }

    @Test("A route that the server does not have is not named, and a code that is not in the catalogue neither")
    func unknown() throws {
        let json = try Self.json(
            Self.request([.init("error.type", .text("hunter2")), .init("http.route", .text("/tax-return.pdf"))])
        )
        #expect(json["transaction"] == "none")
        #expect(self.data(json) == ["error.type": "unlisted", "http.route": "none"])
        let known = try Self.json(Self.request([.init("error.type", .text("notFound"))]))
        #expect(self.data(known) == ["error.type": "notFound"])
    }

    @Test(
        "How a request ended follows from its status",
        arguments: [
            (200, "ok"), (202, "ok"), (304, "ok"), (400, "invalid_argument"), (401, "unauthenticated"),
            (403, "permission_denied"), (404, "not_found"), (409, "aborted"), (413, "invalid_argument"),
            (429, "resource_exhausted"), (499, "cancelled"), (500, "internal_error"), (501, "unimplemented"),
            (502, "internal_error"), (503, "unavailable"), (504, "deadline_exceeded"), (599, "internal_error"),
        ]
    )
    func status(status: Int64, word: String) throws {
        let json = try Self.json(Self.request([.init("http.response.status_code", .integer(status))]))
        #expect(json["contexts"]?["trace"]?["status"] == .string(word))
    }

    @Test("How another step ended follows from its failure; what was given up did not fail")
    func otherStatus() {
        #expect(SentrySpanStatus(of: .example(1)) == .ok)
        #expect(SentrySpanStatus(of: .example(1, hasFailed: true)) == .internalError)
        let cancelled = SpanRecord.example(1, hasFailed: true, [.init("error.type", .text("cancelled"))])
        #expect(SentrySpanStatus(of: cancelled) == .cancelled)
    }

    @Test("The envelope says what the trace is sampled by; the key comes when it is sent, and is not kept")
    func sampling() throws {
        let envelope = Self.encoder.envelope(Self.request([]), id: .example(1))
        let trace: JSONObject = [
            "trace_id": .string("\(TraceID.example(1))"), "sample_rate": "0.75", "sample_rand": "0.500000",
            "sampled": "true", "release": "cherry@0.1.0", "environment": "production",
        ]
        #expect(envelope.trace == trace)
        #expect(try SentryEnvelope(reading: envelope.stored()) == envelope)
        let client = SentryClientName(version: "1")
        let sent = envelope.sent(at: SleepingClock.start, client: client, key: Secret("public"))
        let header = try EnvelopeReader(sent, limits: .init(bytes: 1 << 20, items: 1)).header
        #expect(header["trace"]?["public_key"] == "public")
        #expect(header["trace"]?["trace_id"] == trace["trace_id"])
        #expect(header["event_id"] == .string(HexID.example(1).text))
    }

    @Test("A trace is in a share exactly when its number is below the share's", arguments: [0, 0.1, 0.5, 0.75, 1])
    func shares(share: Double) throws {
        let encoder = TransactionEncoder(identity: .example, routes: [], share: share)
        for place in stride(from: 0.0, to: 1, by: 0.0371) {
            let trace = TraceID.example(1, at: place)
            let transaction = SentryTransaction(root: .example(1, of: trace), spans: [])
            let context = try #require(encoder.envelope(transaction, id: .example(1)).trace)
            let number = try #require(context["sample_rand"]?.string.flatMap(Double.init))
            let rate = try #require(context["sample_rate"]?.string.flatMap(Double.init))
            #expect(TraceShare(share).contains(trace) == (number < rate), "\(place)")
            #expect(TracingSwitch(keeping: share).decide(trace) == (number < rate), "\(place)")
        }
    }

    @Test("The largest transaction is within what a server takes")
    func largest() {
        let attributes: [SpanRecord.Attribute] = [
            .init("cherry.attempt", .integer(.max)), .init("cherry.cached", .bool(false)),
            .init("cherry.hits", .integer(.max)), .init("error.type", .text("contextTooLong")),
            .init("gen_ai.operation.name", .text("embeddings")),
            .init("gen_ai.provider.name", .text("azure.ai.openai")),
            .init("gen_ai.usage.input_tokens", .integer(.max)), .init("gen_ai.usage.output_tokens", .integer(.max)),
        ]
        let spans = (1...1000).map {
            SpanRecord.example($0, within: 2, "gateway.exchange", hasFailed: true, attributes)
        }
        let envelope = Self.encoder.envelope(SentryTransaction(root: .example(2), spans: spans), id: .example(1))
        #expect(envelope.items[0].payload.count <= SentryItemType.transaction.limit)
    }
}
