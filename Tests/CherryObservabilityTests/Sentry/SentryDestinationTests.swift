import CherryCore
import CherryJournal
import Testing

@testable import CherryObservability

@Suite("Delivery to a Sentry server")
struct SentryDestinationTests {
    let clock = SleepingClock()

    @Test("Each event has an envelope of its own, and sessions that follow each other share one")
    func envelopes() async {
        let sentry = ScriptedSentry()
        let destination = SentryDestination(sentry, self.clock)
        let delivery = await destination.deliver([
            record(1, event(1).envelope), record(2, event(2).envelope), record(3, sessionUpdate(3), .session),
            record(4, sessionUpdate(4), .session), record(5, event(5).envelope),
        ])
        #expect(delivery == Delivery([.sent, .sent, .sent, .sent, .sent]))
        #expect(sentry.types == [["event"], ["event"], ["session", "session"], ["event"]])
        #expect(sentry.envelopes[0].header["event_id"] == .string(HexID.example(1).text))
        #expect(sentry.envelopes[2].header["event_id"] == nil)
    }

    @Test("A transaction has an envelope of its own, with the key in what its trace is sampled by")
    func transactions() async {
        let sentry = ScriptedSentry()
        let destination = SentryDestination(
            version: "0.1.0",
            key: Secret("public"),
            wallClock: self.clock.wallClock,
            clock: self.clock
        ) { try sentry.post($0) }
        let delivery = await destination.deliver([
            record(1, transaction(1), .transaction), record(2, event(2).envelope),
            record(3, transaction(3), .transaction),
        ])
        #expect(delivery == Delivery([.sent, .sent, .sent]))
        #expect(sentry.types == [["transaction"], ["event"], ["transaction"]])
        #expect(sentry.envelopes[0].header["trace"]?["public_key"] == "public")
        #expect(sentry.envelopes[1].header["trace"] == nil)
    }

    @Test("A transaction that is refused is reported with its spans, of which it is one itself")
    func refusedTransaction() async throws {
        let sentry = ScriptedSentry([SentryAnswer(status: 413)])
        let delivery = await SentryDestination(sentry, self.clock).deliver([
            record(1, transaction(1, spans: 2), .transaction)
        ])
        #expect(delivery == Delivery([.drop(reason: "too_large")]))
        let report = try JSONValue(parsing: try #require(sentry.envelopes.last?.items.first?.payload))
        #expect(
            report["discarded_events"] == [
                ["reason": "send_error", "category": "span", "quantity": 3],
                ["reason": "send_error", "category": "transaction", "quantity": 1],
            ]
        )
    }

    @Test("A limit of transactions leaves errors alone, and the other way round")
    func transactionLimit() async {
        let sentry = ScriptedSentry([SentryAnswer(status: 200, rateLimits: "30:transaction:key")])
        let destination = SentryDestination(sentry, self.clock)
        let delivery = await destination.deliver([
            record(1, transaction(1), .transaction), record(2, transaction(2), .transaction),
            record(3, event(3).envelope),
        ])
        #expect(delivery == Delivery([.sent, .retry(reason: "rate_limited"), .sent]))
        self.clock.advance(by: .seconds(30))
        #expect(await destination.deliver([record(2, transaction(2), .transaction)]) == Delivery([.sent]))
    }

    @Test("An envelope holds a hundred sessions at most")
    func manySessions() async {
        let sentry = ScriptedSentry()
        let destination = SentryDestination(sentry, self.clock)
        _ = await destination.deliver((1...250).map { record($0, sessionUpdate($0), .session) })
        #expect(sentry.types.map(\.count) == [100, 100, 50])
    }

    @Test("The moment of sending is said when it is sent, 100 ms after the one before")
    func pace() async {
        let sentry = ScriptedSentry()
        let destination = SentryDestination(sentry, self.clock)
        self.clock.advance(by: .seconds(60))
        _ = await destination.deliver([record(1, event(1).envelope), record(2, event(2).envelope)])
        _ = await destination.deliver([record(3, event(3).envelope)])
        let times = sentry.envelopes.map { $0.header["sent_at"]?.string.flatMap(SentryTime.parse) }
        let first = SleepingClock.start + .seconds(60)
        #expect(times == [first, first + .milliseconds(100), first + .milliseconds(200)])
    }

    @Test("429 is dropped, never tried again, and not reported; the pause is what the server asked for")
    func rateLimited() async {
        let sentry = ScriptedSentry([SentryAnswer(status: 429, retryAfter: "30")])
        let destination = SentryDestination(sentry, self.clock)
        let first = await destination.deliver([record(1, event(1).envelope), record(2, event(2).envelope)])
        #expect(first.outcomes == [.drop(reason: "rate_limited"), .retry(reason: "rate_limited")])
        #expect(first.pause == .seconds(30))
        #expect(destination.rateLimits == "31::organization")
        self.clock.advance(by: .seconds(30))
        let second = await destination.deliver([record(2, event(2).envelope)])
        #expect(second == Delivery([.sent]))
        #expect(sentry.types == [["event"], ["event"]])
    }

    @Test("A limit of one category leaves the others alone")
    func categories() async {
        let sentry = ScriptedSentry([SentryAnswer(status: 200, rateLimits: "30:error:key")])
        let destination = SentryDestination(sentry, self.clock)
        let delivery = await destination.deliver([
            record(1, event(1).envelope), record(2, event(2).envelope), record(3, sessionUpdate(3), .session),
        ])
        #expect(delivery == Delivery([.sent, .retry(reason: "rate_limited"), .sent]))
        #expect(sentry.types == [["event"], ["session"]])
    }

    @Test("What falls under a limit of hours is dropped, and reported")
    func longLimit() async throws {
        let sentry = ScriptedSentry([SentryAnswer(status: 429, rateLimits: "7200:error:organization:quota_exceeded")])
        let destination = SentryDestination(sentry, self.clock)
        let delivery = await destination.deliver((1...4).map { record($0, event($0).envelope) })
        #expect(delivery == Delivery([DeliveryOutcome](repeating: .drop(reason: "rate_limited"), count: 4)))
        #expect(sentry.types == [["event"], ["client_report"]])
        let report = try JSONValue(parsing: try #require(sentry.envelopes.last?.items.first?.payload))
        #expect(
            report["discarded_events"]
                == [["reason": "ratelimit_backoff", "category": "error", "quantity": 3]]
        )
    }

    @Test(
        "Other refusals are dropped and reported as errors of sending",
        arguments: [(413, "too_large"), (400, "http_400"), (403, "http_403"), (500, "http_500"), (503, "http_503")]
    )
    func refusals(status: Int, reason: String) async throws {
        let sentry = ScriptedSentry([SentryAnswer(status: status)])
        let destination = SentryDestination(sentry, self.clock)
        let delivery = await destination.deliver([record(1, event(1).envelope)])
        #expect(delivery == Delivery([.drop(reason: reason)]))
        #expect(sentry.types == [["event"], ["client_report"]])
        let report = try JSONValue(parsing: try #require(sentry.envelopes.last?.items.first?.payload))
        #expect(report["discarded_events"] == [["reason": "send_error", "category": "error", "quantity": 1]])
    }

    @Test("Without an answer everything is tried again, and nobody is asked twice")
    func unreachable() async {
        let sentry = ScriptedSentry([SentryAnswer(status: 200), nil])
        let destination = SentryDestination(sentry, self.clock)
        let delivery = await destination.deliver((1...4).map { record($0, event($0).envelope) })
        let later = DeliveryOutcome.retry(reason: "unreachable")
        #expect(delivery == Delivery([.sent, later, later, later]))
        #expect(sentry.types.count == 2)
    }

    @Test("An answer of somebody else is tried again")
    func redirected() async {
        let sentry = ScriptedSentry([SentryAnswer(status: 302)])
        let delivery = await SentryDestination(sentry, self.clock).deliver([record(1, event(1).envelope)])
        #expect(delivery == Delivery([.retry(reason: "redirected")]))
    }

    @Test("A report that does not arrive is sent again with the next delivery, and its numbers add up")
    func reports() async throws {
        let sentry = ScriptedSentry([
            SentryAnswer(status: 500), nil, SentryAnswer(status: 500), SentryAnswer(status: 503),
            SentryAnswer(status: 200), SentryAnswer(status: 200),
        ])
        let destination = SentryDestination(sentry, self.clock)
        destination.count(.queueOverflow, .error, 7)
        for number in 1...3 { _ = await destination.deliver([record(number, event(number).envelope)]) }
        #expect(
            sentry.types.map { $0[0] } == [
                "event", "client_report", "event", "client_report", "event", "client_report",
            ]
        )
        let report = try JSONValue(parsing: try #require(sentry.envelopes.last?.items.first?.payload))
        #expect(
            report["discarded_events"] == [
                ["reason": "queue_overflow", "category": "error", "quantity": 7],
                ["reason": "send_error", "category": "error", "quantity": 2],
            ]
        )
        _ = await destination.deliver([record(4, event(4).envelope)])
        #expect(sentry.types.last == ["event"])
    }

    @Test("What cannot be read is put aside, and does not hold up the rest")
    func unreadable() async {
        let sentry = ScriptedSentry()
        let broken = JournalRecord(
            number: 0,
            entry: JournalEntry(kind: .event, at: SleepingClock.start, payload: Array("{}\n{\"type\":".utf8))
        )
        let mixed = SentryEnvelope(items: event().envelope.items + sessionUpdate().items)
        let large = SentryEnvelope(.event, .string(String(repeating: "a", count: 1024 * 1024)), eventID: .example(1))
        let delivery = await SentryDestination(sentry, self.clock).deliver([
            broken, record(1, event(1).envelope), record(2, mixed), record(3, large),
        ])
        let aside = DeliveryOutcome.quarantine(reason: "unreadable")
        #expect(delivery == Delivery([aside, .sent, aside, aside]))
        #expect(sentry.types == [["event"]])
    }
}
