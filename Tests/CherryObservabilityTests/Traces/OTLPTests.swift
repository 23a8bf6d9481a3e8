import CherryCore
import CherryJournal
import Testing

@testable import CherryObservability

@Suite("Traces by OTLP")
struct OTLPTests {
    static func span() throws -> SpanRecord {
        SpanRecord(
            context: try #require(TraceContext(traceparent: TraceContextTests.field)),
            parent: SpanID(7),
            name: "turn",
            kind: .server,
            start: 1_700_000_000_000_000_001,
            end: 1_700_000_000_000_000_009,
            hasFailed: true,
            attributes: [.init("cherry.cached", .bool(true)), .init("cherry.hits", .integer(3))]
        )
    }

    @Test("A request has the form that the protocol's JSON demands")
    func request() throws {
        let identity = ServiceIdentity(
            service: "cherry",
            version: "0.1.0",
            role: "all",
            environment: "test",
            instance: "a"
        )
        let text = String(decoding: OTLPEncoder(identity: identity).body([try Self.span()]), as: UTF8.self)
        #expect(
            text == #"{"resourceSpans":[{"resource":{"attributes":["#
                + #"{"key":"service.name","value":{"stringValue":"cherry"}},"#
                + #"{"key":"service.version","value":{"stringValue":"0.1.0"}},"#
                + #"{"key":"service.instance.id","value":{"stringValue":"a"}},"#
                + #"{"key":"deployment.environment.name","value":{"stringValue":"test"}},"#
                + #"{"key":"cherry.role","value":{"stringValue":"all"}}]},"#
                + #""scopeSpans":[{"scope":{"name":"cherry","version":"0.1.0"},"spans":[{"#
                + #""traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","#
                + #""parentSpanId":"0000000000000007","name":"turn","kind":2,"#
                + #""startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000000000009","#
                + #""attributes":[{"key":"cherry.cached","value":{"boolValue":true}},"#
                + #"{"key":"cherry.hits","value":{"intValue":"3"}}],"status":{"code":2}}]}]}]}"#
        )
    }

    @Test(
        "What an answer means",
        arguments: [
            (200, DeliveryOutcome.sent), (202, .sent), (429, .retry(reason: "http_429")),
            (503, .retry(reason: "http_503")),
            (401, .retry(reason: "http_401")), (400, .quarantine(reason: "http_400")),
            (413, .quarantine(reason: "http_413")), (500, .quarantine(reason: "http_500")),
            (999, .quarantine(reason: "http_other")),
        ]
    )
    func answer(status: Int, outcome: DeliveryOutcome) {
        let answer = OTLPAnswer(status: status, retryAfter: nil, body: [])
        #expect(answer.outcomes(of: 2) == [outcome, outcome])
        #expect(answer.pause == nil)
    }

    @Test("A pause that is asked for is kept, unless it is nonsense")
    func pause() {
        for (field, pause) in [("30", Duration.seconds(30)), ("-1", nil), ("1e9", nil), ("999999999", nil)]
            as [(String, Duration?)]
        {
            #expect(OTLPAnswer(status: 429, retryAfter: field, body: []).pause == pause, "\(field)")
        }
    }

    @Test("What a collector rejected is counted as dropped and not sent again")
    func partialSuccess() {
        for count in ["2", #""2""#] {
            let body = Array(#"{"partialSuccess":{"rejectedSpans":\#(count),"errorMessage":"no"}}"#.utf8)
            let outcomes = OTLPAnswer(status: 200, retryAfter: nil, body: body).outcomes(of: 3)
            #expect(outcomes == [.sent, .drop(reason: "rejected"), .drop(reason: "rejected")])
        }
        let more = Array(#"{"partialSuccess":{"rejectedSpans":9}}"#.utf8)
        #expect(OTLPAnswer(status: 200, retryAfter: nil, body: more).outcomes(of: 1) == [.drop(reason: "rejected")])
    }
}
