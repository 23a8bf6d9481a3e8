public import CherryCore
public import CherryJournal
public import CherryNet
import Logging
import Synchronization

/// Sends the log to Grafana Loki.
///
/// What Loki refuses for good (too old, too many labels, a line too long) is searched for by halves and put aside alone;
/// the rest goes on. A repeated entry has the time and the words that it had before, which Loki keeps once.
public final class LokiDestination: JournalDestination {
    /// Where and how to send.
    public struct Configuration: Sendable {
        /// Without the path of the interface: `https://loki.example.com`.
        public var url: String
        public var reach: EgressReach
        public var credential: HTTPCredential
        /// For Lokis that serve several tenants.
        public var tenant: String?
        /// For one request with its answer.
        public var time: Duration

        public init(
            url: String,
            reach: EgressReach,
            credential: HTTPCredential = .none,
            tenant: String? = nil,
            time: Duration = .seconds(30)
        ) {
            self.url = url
            self.reach = reach
            self.credential = credential
            self.tenant = tenant
            self.time = time
        }
    }

    public let name: String
    public let kinds: Set<JournalKind> = [.log, .debugLog]
    public let limits = DeliveryLimits(records: 1000, bytes: 1 << 20)

    private static let answerLimit = 64 << 10

    private let identity: ServiceIdentity
    private let sender: HTTPSender
    private let url: String
    private let headers: [(name: String, value: String)]
    /// By stream, as far as lines were sent: a batch that is tried again gets the times that it had.
    private let clocks = Mutex(LokiClocks())

    public init(
        name: String = "loki",
        _ configuration: Configuration,
        identity: ServiceIdentity,
        transport: HTTPTransport,
        clock: WallClock = .system
    ) {
        self.name = name
        self.identity = identity
        self.sender = HTTPSender(
            transport: transport,
            reach: configuration.reach,
            credential: configuration.credential,
            time: configuration.time,
            clock: clock
        )
        self.url = configuration.url.withoutSlash + "/loki/api/v1/push"
        self.headers = configuration.tenant.map { [("X-Scope-OrgID", $0)] } ?? []
    }

    public func deliver(_ records: [JournalRecord]) async -> Delivery {
        let batch = DeliveryBatch(records)
        let entries = self.entries(batch.lines)
        var bisection = BatchBisection(count: entries.count)
        while let range = bisection.next {
            bisection.answered(await self.push(entries[range]))
        }
        let outcomes = bisection.result
        self.advance(entries, outcomes)
        return batch.delivery(outcomes, pause: bisection.pause)
    }

    private func push(_ entries: ArraySlice<LokiEntry>) async -> HTTPVerdict {
        let answer = await self.sender.push(
            self.url,
            contentType: "application/json",
            headers: self.headers,
            body: LokiPush.body(entries, from: self.identity),
            answerLimit: Self.answerLimit
        )
        return switch answer {
        case .success(let answer): answer.verdict
        case .failure(let failure): failure.verdict
        }
    }

    private func entries(_ lines: [DeliveredLine]) -> [LokiEntry] {
        var clocks = self.clocks.withLock { $0 }
        return lines.map { line in
            let stream = LokiEntry.Stream(line)
            return LokiEntry(line, stream: stream, nanoseconds: clocks[stream].nanoseconds(for: line.time))
        }
    }

    private func advance(_ entries: [LokiEntry], _ outcomes: [DeliveryOutcome]) {
        self.clocks.withLock { clocks in
            for (entry, outcome) in zip(entries, outcomes) where outcome == .sent {
                clocks[entry.stream].last = entry.nanoseconds
            }
        }
    }
}

extension String {
    /// Without slashes at the end.
    var withoutSlash: String {
        var text = self[...]
        while text.last == "/" { text.removeLast() }
        return String(text)
    }
}
