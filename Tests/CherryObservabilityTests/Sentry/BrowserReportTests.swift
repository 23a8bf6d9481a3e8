import CherryCore
import CherryJournal
import Synchronization
import Testing

@testable import CherryObservability

@Suite("Reports of the web app")
struct BrowserReportTests {
    let report = BrowserReport(
        identity: .example,
        routes: ["/api/v1/messages/{id}"],
        now: SleepingClock.start
    )

    static let event: JSONValue = [
        "event_id": .string(HexID.example(1).text), "timestamp": 1_789_999_990.5, "transaction": "/c/{id}",
        "tags": ["code": "offline", "more": "x"],
        "exception": [
            "values": [
                [
                    "type": "TypeError", "value": "what somebody wrote", "mechanism": ["type": "onunhandledrejection"],
                    "stacktrace": [
                        "frames": [
                            ["filename": "/assets/main-A1B2C3D4.js", "function": "take", "lineno": 1, "colno": 234],
                            ["filename": "https://elsewhere.example/x.js", "function": "evil", "lineno": 1],
                            [
                                "filename": "/assets/App-ZZZZ9999.js", "function": "a b", "lineno": -1,
                                "vars": ["a": "b"],
                            ],
                        ]
                    ],
                ]
            ]
        ],
        "breadcrumbs": [
            "values": [
                ["timestamp": 1_789_999_980, "category": "navigation", "data": ["from": "/", "to": "/settings"]],
                ["timestamp": 1_789_999_981, "category": "ui.click", "message": "button send-now"],
                [
                    "timestamp": 1_789_999_982, "category": "http",
                    "data": ["method": "GET", "url": "/api/v1/messages/{id}", "status_code": 200],
                ],
                ["timestamp": 1_789_999_983, "category": "console", "message": "what somebody wrote"],
            ]
        ],
        "contexts": ["browser": ["name": "Firefox", "version": "121"]],
        "user": ["email": "ann@example.com"], "extra": ["a": "b"], "request": ["url": "https://x"],
    ]

    @Test("A report is read into the server's own model, without what is unknown")
    func event() throws {
        let event = try #require(self.report.event(Self.event))
        #expect(event.id == .example(1))
        #expect(event.at.milliseconds == 1_789_999_990_500)
        #expect(event.platform == .javascript)
        #expect(event.type.text == "TypeError")
        #expect(event.code.name == "offline")
        #expect(event.mechanism == .onunhandledrejection)
        #expect(event.route?.text == "/c/{id}")
        #expect(event.identity == .example)
        #expect(event.frames.map { $0.file?.text } == ["/assets/main-A1B2C3D4.js", "/assets/App-ZZZZ9999.js"])
        #expect(event.frames.map { $0.function?.text } == ["take", nil])
        #expect(event.frames.map(\.line) == [1, nil])
        #expect(event.breadcrumbs.count == 3)
        #expect(event.browser == BrowserFamily(name: .firefox, version: 121))
        let text = event.json.text
        for word in ["somebody", "ann@", "elsewhere", "evil", "more", "vars", "extra", "request\""] {
            #expect(!text.contains(word), "\(word)")
        }
    }

    @Test("What is no report is none", arguments: ["{}", "[]", "7", #"{"event_id":"x","exception":{"values":[{}]}}"#])
    func none(text: String) throws {
        #expect(self.report.event(try JSONValue(parsing: text)) == nil)
    }

    @Test("A moment in the future or long past counts as now")
    func moments() throws {
        for seconds in [0, 1_790_000_100, 1e300, -5] {
            var json = Self.event
            json["timestamp"] = .number(seconds)
            #expect(try #require(self.report.event(json)).at == SleepingClock.start)
        }
    }

    @Test("A visit's updates carry the server's names, and only plausible ones are taken")
    func sessions() throws {
        var json: JSONValue = [
            "sid": .string(HexID.example(1).uuid), "init": true, "seq": 0, "started": "2026-09-21T14:13:00.000Z",
            "timestamp": "2026-09-21T14:13:10.000Z", "status": "ok", "errors": 2, "did": "ann",
            "attrs": ["release": "evil@1", "ip_address": "1.2.3.4"],
        ]
        let update = try #require(self.report.session(json))
        #expect(update["attrs"] == ["release": "cherry@0.1.0", "environment": "production"])
        #expect(update["errors"] == 2)
        #expect(update["duration"] == 10.0)
        #expect(!update.text.contains("ann"))
        for (key, value): (String, JSONValue) in [
            ("sid", "ann@example.com"), ("status", "happy"), ("started", "yesterday"),
            ("started", "2020-01-01T00:00:00Z"),
        ] {
            let before = json[key]
            json[key] = value
            #expect(self.report.session(json) == nil, "\(key)")
            json[key] = before
        }
    }

    @Test("Reports go to the journal, losses to the destination, and the page is told of limits")
    func telemetry() async throws {
        let kinds = Mutex<[JournalKind]>([])
        let clock = SleepingClock()
        let sentry = ScriptedSentry([SentryAnswer(status: 200, rateLimits: "30:session:key")])
        let destination = SentryDestination(sentry, clock)
        let telemetry = BrowserTelemetry(
            dsn: try SentryDSN("https://key@sentry.example.com/1"),
            identity: .example,
            routes: ["/api/v1/messages/{message}"],
            destination: destination,
            wallClock: clock.wallClock
        ) { entry in kinds.withLock { $0.append(entry.kind) } }
        let losses = #"{"discarded_events":[{"reason":"cache_overflow","category":"error","quantity":4}]}"#
        let body = """
            {"sent_at":"2026-09-21T14:13:20.000Z"}
            {"type":"event"}
            \(Self.event.text)
            {"type":"client_report"}
            \(losses)
            {"type":"attachment","length":3}
            abc
            {"type":"event"}
            nonsense

            """
        #expect(try await telemetry.receive(Array(body.utf8)) == nil)
        #expect(kinds.withLock { $0 } == [.event])
        _ = await destination.deliver([record(1, sessionUpdate(1), .session)])
        #expect(sentry.types == [["session"], ["client_report"]])
        #expect(try await telemetry.receive(Array("{}\n".utf8)) == "30:session:organization")
    }

    @Test("An envelope for another project is refused, one that is none as well")
    func foreign() async throws {
        let telemetry = BrowserTelemetry(
            dsn: try SentryDSN("https://key@sentry.example.com/1"),
            identity: .example,
            routes: [],
            destination: SentryDestination(ScriptedSentry(), SleepingClock())
        ) { _ in Issue.record("nothing is to be kept") }
        for (header, code): (String, SentryError.Code) in [
            (#"{"dsn":"https://other@sentry.example.com/1"}"#, .invalidDSN), (#"{"dsn":7}"#, .invalidDSN),
            ("nonsense", .malformedEnvelope),
        ] {
            let error = await #expect(throws: SentryError.self) { try await telemetry.receive(Array(header.utf8)) }
            #expect(error?.code == code)
        }
        let own = #"{"dsn":"https://key@sentry.example.com/1"}"#
        #expect(try await telemetry.receive(Array(own.utf8)) == nil)
    }
}
