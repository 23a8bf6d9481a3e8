import CherryCore
import CherryJournal
import CherryTesting
import Foundation
import Synchronization
import Testing
import Tracing

@testable import CherryObservability

/// Pushes what a person could have written through every way in, and looks for it in every byte that would be sent.
@Suite("Privacy of error reports")
struct SentryPrivacyTests {
    static let corpus = [
        "My doctor says the biopsy came back", "sk-live-4f9a8c7b6d5e4f3a", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ",
        "ann.smith@example.com", "tax-return-2025.pdf", "hunter2 correct horse battery",
        "/home/ann/letters/divorce.txt",
        "+44 20 7946 0958", "https://clinic.example/results?patient=ann", "Ann \u{2764}\u{fe0f} Karen",
    ]

    struct Talkative: CherryError {
        let words: String
        var codeName: String { self.words }
        var message: String { self.words }
        var hint: String? { self.words }
    }

    /// Whether a text, or a longer word of it, is among bytes.
    func expectAbsent(_ secret: String, in bytes: [UInt8], _ place: String) {
        let text = String(decoding: bytes, as: UTF8.self)
        let words = secret.split { !$0.isLetter && !$0.isNumber }.map(String.init).filter {
            $0.utf8.count > 5 && $0 != "example"
        }
        for part in [secret] + words { #expect(!text.contains(part), "\(part) by \(place)") }
    }

    @Test("Nothing of it is in a report of the server", arguments: Self.corpus)
    func server(secret: String) async throws {
        let entries = Mutex<[JournalEntry]>([])
        let added = AsyncStream.makeStream(of: Void.self)
        let client = SentryClient(
            identity: .example,
            files: nil,
            routes: [],
            append: { entry in
                entries.withLock { $0.append(entry) }
                added.continuation.yield()
            },
            lost: { _, _ in }
        )
        let underlying = NSError(domain: secret, code: 1, userInfo: [NSLocalizedDescriptionKey: secret])
        client.note(.answered(method: secret, route: secret, status: 200))
        client.report(FailureReport(Talkative(words: secret), at: .request(method: secret, route: secret)))
        client.report(FailureReport(underlying, at: .work(.indexing), trace: (secret, secret)))
        await withTaskGroup { group in
            group.addTask { await client.run() }
            for await _ in added.stream where entries.withLock({ $0.count }) >= 2 { break }
            group.cancelAll()
        }
        for entry in entries.withLock({ $0 }) { self.expectAbsent(secret, in: entry.payload, "report") }
    }

    @Test("Nothing of it is in what a page reports, whatever field it is put into", arguments: Self.corpus)
    func browser(secret: String) async throws {
        let report = BrowserReport(identity: .example, routes: ["/api/v1/search"], now: SleepingClock.start)
        var count = 0
        for path in Self.paths(BrowserReportTests.event) {
            var json = BrowserReportTests.event
            Self.replace(&json, path[...], with: .string(secret))
            guard let event = report.event(json) else { continue }
            count += 1
            let bytes = event.envelope.sent(at: SleepingClock.start, client: SentryClientName(version: "1"))
            self.expectAbsent(secret, in: bytes, path.joined(separator: "."))
        }
        #expect(count > 30)
    }

    @Test("Nothing of it is in a report of losses or of a visit", arguments: Self.corpus)
    func others(secret: String) throws {
        let report = BrowserReport(identity: .example, routes: [], now: SleepingClock.start)
        let session: JSONValue = [
            "sid": .string(HexID.example(1).uuid), "init": .string(secret), "seq": .string(secret),
            "did": .string(secret),
            "started": .string(SentryTime.text(SleepingClock.start)), "timestamp": .string(secret), "status": "ok",
            "errors": .string(secret), "attrs": ["release": .string(secret), "environment": .string(secret)],
        ]
        self.expectAbsent(secret, in: try #require(report.session(session)).bytes, "session")
        let losses: JSONValue = [
            "discarded_events": [["reason": .string(secret), "category": .string(secret), "quantity": 1]]
        ]
        self.expectAbsent(secret, in: ClientReports(reading: losses).json(at: SleepingClock.start).bytes, "losses")
    }

    @Test("Nothing of it is in what a crash log gives", arguments: Self.corpus)
    func crash(secret: String) throws {
        let text = CrashLogTests.text
            .replacing("Program crashed: Illegal instruction", with: "Program crashed: Fatal error: \(secret)")
            .replacing("/home/ann/w", with: "/home/\(secret)/w")
            .replacing("Thread 0 \"cherry\"", with: "Thread 0 \"\(secret)\"")
        let log = try #require(CrashLog(text, program: "cherry"))
        self.expectAbsent(secret, in: log.frames.flatMap(\.json.bytes), "crash")
    }

    @Test("Nothing of it is in a transaction, whatever a span was told", arguments: Self.corpus)
    func transaction(secret: String) throws {
        let entries = Mutex<[JournalEntry]>([])
        let recorder = TransactionRecorder(
            encoder: TransactionEncoder(identity: .example, routes: ["/api/v1/search"], share: 1),
            append: { entry in entries.withLock { $0.append(entry) } },
            lost: { _ in }
        )
        let tracer = SpanTracer(TracingSwitch(keeping: 1)) { recorder.take($0) }
        let keys = SpanRules.keys.union([secret, "http.url", "db.statement", "gen_ai.prompt"])
        for kind in [SpanKind.server, .internal] {
            tracer.withSpan("http.request", ofKind: kind) { outer in
                tracer.withSpan("\(secret)") { inner in
                    for span in [outer, inner] {
                        for key in keys { span.attributes[key] = secret }
                        span.addEvent(SpanEvent(name: secret, attributes: ["exception.message": .string(secret)]))
                        span.recordError(Talkative(words: secret))
                        span.setStatus(SpanStatus(code: .error, message: secret))
                    }
                }
                outer.operationName = secret
            }
        }
        let found = entries.withLock { $0 }
        #expect(found.count == 2)
        for entry in found {
            #expect(entry.kind == .transaction)
            let envelope = try SentryEnvelope(reading: entry.payload)
            let bytes = envelope.sent(at: SleepingClock.start, client: SentryClientName(version: "1"))
            self.expectAbsent(secret, in: bytes, "transaction")
        }
    }

    /// The way to every value within a value.
    private static func paths(_ json: JSONValue) -> [[String]] {
        switch json {
        case .object(let object):
            object.flatMap { key, value in [[key]] + self.paths(value).map { [key] + $0 } }
        case .array(let array):
            array.enumerated().flatMap { index, value in
                [[String(index)]] + self.paths(value).map { [String(index)] + $0 }
            }
        default: []
        }
    }

    private static func replace(_ json: inout JSONValue, _ path: ArraySlice<String>, with value: JSONValue) {
        guard let first = path.first else {
            json = value
            return
        }
        if case .array(var array) = json, let index = Int(first) {
            self.replace(&array[index], path.dropFirst(), with: value)
            json = .array(array)
        } else {
            self.replace(&json[first, default: .null], path.dropFirst(), with: value)
        }
    }
}
