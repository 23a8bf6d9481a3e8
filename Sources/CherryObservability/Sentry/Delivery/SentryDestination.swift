public import CherryCore
public import CherryJournal
public import CherryNet
import Synchronization

/// Sends what the journal keeps for a Sentry server: error reports, sessions, transactions, and what was lost
/// on this side.
///
/// `JournalRecord`s hold whole envelopes without the moment of sending, as `SentryClient` and the tunnel write them. An
/// event or a transaction goes in an envelope of its own; session updates that follow each other share one.
public final class SentryDestination: JournalDestination {
    /// Posts an envelope. Throws when there was no answer.
    public typealias Post = @Sendable (_ body: [UInt8]) async throws -> SentryAnswer

    private struct State {
        var limits = RateLimits()
        var reports = ClientReports()
        var lastPost: Timestamp?
    }

    /// Envelopes that follow each other are so far apart, since a server may take a burst for abuse.
    static let gap = Duration.milliseconds(100)
    /// A limit that lasts longer is not waited for: what falls under it is dropped and reported.
    static let longestWait = Duration.seconds(3600)
    static let sessionsPerEnvelope = 100

    public let name = "sentry"
    public let kinds: Set<JournalKind> = [.event, .session, .transaction]
    public let limits = DeliveryLimits(records: 100, bytes: 4 * 1024 * 1024)

    private let post: Post
    private let key: Secret<String>?
    private let client: SentryClientName
    private let wallClock: WallClock
    private let clock: any Clock<Duration>
    private let state = Mutex(State())

    /// Creates a destination that posts by `post`.
    ///
    /// - Parameter key: the DSN's public key, which envelopes with transactions carry.
    public init(
        version: String,
        key: Secret<String>? = nil,
        wallClock: WallClock = .system,
        clock: any Clock<Duration> = ContinuousClock(),
        post: @escaping Post
    ) {
        self.client = SentryClientName(version: version)
        self.key = key
        self.wallClock = wallClock
        self.clock = clock
        self.post = post
    }

    /// Creates a destination for a DSN.
    ///
    /// - Parameter reach: where its requests may go; `nil` for where the DSN says.
    public convenience init(
        _ dsn: SentryDSN,
        version: String,
        reach: EgressReach? = nil,
        transport: HTTPTransport,
        wallClock: WallClock = .system,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        let client = SentryClientName(version: version).text
        let url = dsn.envelopeURL
        let headers = [
            (name: "Content-Type", value: "application/x-sentry-envelope"), (name: "User-Agent", value: client),
            (name: "X-Sentry-Auth", value: dsn.authorization(client: client)),
        ]
        let limits = HTTPTransport.Limits(
            firstByte: .seconds(30),
            gap: .seconds(10),
            total: .seconds(60),
            size: 64 * 1024
        )
        self.init(version: version, key: dsn.publicKey, wallClock: wallClock, clock: clock) { body in
            let response = try await transport.send(
                OutgoingRequest(
                    .post,
                    url,
                    headers: headers,
                    body: body,
                    limits: limits,
                    reach: reach ?? .entered(url)
                )
            )
            response.body.skipRest()
            return SentryAnswer(
                status: response.status,
                rateLimits: response.header("x-sentry-rate-limits"),
                retryAfter: response.header("retry-after")
            )
        }
    }

    /// Counts what was lost before it came here, for the next client report.
    public func count(_ reason: ClientReports.Reason, _ category: SentryCategory, _ quantity: Int = 1) {
        self.state.withLock { $0.reports.count(reason, category, quantity) }
    }

    func add(_ reports: ClientReports) { self.state.withLock { $0.reports.add(reports) } }

    /// The limits that hold now, in the form of the header; `nil` when there are none.
    public var rateLimits: String? {
        let now = self.wallClock.now
        return self.state.withLock { $0.limits.header(now: now) }
    }

    public func deliver(_ records: [JournalRecord]) async -> Delivery {
        var outcomes = [DeliveryOutcome](repeating: .quarantine(reason: "unreadable"), count: records.count)
        for batch in Self.batches(records) {
            let outcome = await self.outcome(of: batch)
            for place in batch.places { outcomes[place] = outcome }
            if case .retry(let reason) = outcome, reason != Self.limited {
                // Whoever does not answer now is not asked for the rest.
                for place in outcomes.indices where place > (batch.places.last ?? 0) { outcomes[place] = outcome }
                return Delivery(outcomes)
            }
        }
        await self.sendReports()
        return Delivery(outcomes, pause: self.pause)
    }

    private static let limited = "rate_limited"

    private func outcome(of batch: Batch) async -> DeliveryOutcome {
        let now = self.wallClock.now
        guard let end = self.state.withLock({ $0.limits.end(for: batch.category, now: now) }) else {
            return await self.send(batch)
        }
        guard end - now > Self.longestWait else { return .retry(reason: Self.limited) }
        self.count(.ratelimitBackoff, batch)
        return .drop(reason: Self.limited)
    }

    /// Until something of what is sent here may be sent again; `nil` when something may be now.
    private var pause: Duration? {
        let now = self.wallClock.now
        let ends = self.state.withLock { state in
            [SentryCategory.error, .session, .transaction].map { state.limits.end(for: $0, now: now) }
        }
        guard let first = ends.compactMap(\.self).min(), !ends.contains(nil) else { return nil }
        return min(first - now, Self.longestWait)
    }

    private func send(_ batch: Batch) async -> DeliveryOutcome {
        guard let answer = await self.exchange(batch.envelope) else { return .retry(reason: "unreachable") }
        if let reason = answer.reason { self.count(reason, batch) }
        return answer.outcome
    }

    private func count(_ reason: ClientReports.Reason, _ batch: Batch) {
        self.count(reason, batch.category, batch.places.count)
        // With a transaction its spans are lost, and its own is one of them.
        if batch.category == .transaction { self.count(reason, .span, batch.spanCount) }
    }

    /// Tells what was lost. What does not arrive is told the next time.
    private func sendReports() async {
        let now = self.wallClock.now
        let reports = self.state.withLock { state in
            state.limits.end(for: .internal, now: now) == nil ? state.reports.take() : ClientReports()
        }
        guard !reports.isEmpty else { return }
        let answer = await self.exchange(SentryEnvelope(.clientReport, reports.json(at: now)))
        guard let answer, (200..<300).contains(answer.status) else { return self.add(reports) }
    }

    private func exchange(_ envelope: SentryEnvelope) async -> SentryAnswer? {
        let now = self.wallClock.now
        let wait = self.state.withLock { $0.lastPost }.map { Self.gap - (now - $0) } ?? .zero
        do {
            if wait > .zero { try await self.clock.sleep(for: min(wait, Self.gap)) }
            let time = self.wallClock.now
            let answer = try await self.post(envelope.sent(at: time, client: self.client, key: self.key))
            let arrival = self.wallClock.now
            self.state.withLock { state in
                state.lastPost = arrival
                state.limits.note(
                    status: answer.status,
                    header: answer.rateLimits,
                    retryAfter: answer.retryAfter,
                    now: arrival
                )
            }
            return answer
        } catch {
            // Cancelled, or nobody there: either way it is tried again.
            return nil
        }
    }
}

extension SentryDestination {
    /// Records that go in one envelope.
    struct Batch {
        var envelope: SentryEnvelope
        var category: SentryCategory
        var places: [Int]

        /// The spans of transactions, with their own.
        var spanCount: Int {
            self.envelope.items.reduce(0) { count, item in
                let json = try? JSONValue(parsing: item.payload)  // one that cannot be read has its own span at least
                return count + 1 + (json?["spans"]?.array?.count ?? 0)
            }
        }
    }

    /// Puts records into envelopes, in order; those that cannot be read are in none.
    static func batches(_ records: [JournalRecord]) -> [Batch] {
        var batches: [Batch] = []
        for (place, record) in records.enumerated() {
            guard let envelope = try? SentryEnvelope(reading: record.entry.payload),  // stays at "unreadable"
                let category = envelope.items.first?.type.category,
                envelope.items.allSatisfy({ $0.type.category == category && $0.payload.count <= $0.type.limit })
            else { continue }
            if category == .session, let last = batches.indices.last, batches[last].category == .session,
                batches[last].envelope.items.count + envelope.items.count <= Self.sessionsPerEnvelope
            {
                batches[last].envelope.items += envelope.items
                batches[last].places.append(place)
            } else {
                batches.append(Batch(envelope: envelope, category: category, places: [place]))
            }
        }
        return batches
    }
}
