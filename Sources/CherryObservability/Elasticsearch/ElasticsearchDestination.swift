public import CherryCore
public import CherryJournal
public import CherryNet
import Synchronization

/// Sends the log to a data stream of Elasticsearch or OpenSearch.
///
/// Documents are created under the records' ids, so that a repetition finds itself there already. That holds within one
/// backing index: a repetition across a rollover is stored again.
public final class ElasticsearchDestination: JournalDestination {
    /// Where and how to send.
    public struct Configuration: Sendable {
        /// `https://search.example.com:9200`.
        public var url: String
        public var reach: EgressReach
        public var credential: HTTPCredential
        /// The data stream's name.
        public var stream: String
        /// Whether to install the index template when there is none of its name.
        public var installsTemplate: Bool
        /// For one request with its answer.
        public var time: Duration

        public init(
            url: String,
            reach: EgressReach,
            credential: HTTPCredential = .none,
            stream: String = "logs-cherry-default",
            installsTemplate: Bool = true,
            time: Duration = .seconds(60)
        ) {
            self.url = url
            self.reach = reach
            self.credential = credential
            self.stream = stream
            self.installsTemplate = installsTemplate
            self.time = time
        }
    }

    public let name: String
    public let kinds: Set<JournalKind> = [.log, .debugLog]
    public let limits = DeliveryLimits(records: 1000, bytes: 2 << 20)

    /// Each item of an answer has a few hundred bytes.
    private static let answerLimit = 8 << 20
    /// How long to leave a server alone that refused some items for having too much to do, and did not say for how long.
    private static let busyPause = Duration.seconds(5)

    private let configuration: Configuration
    private let identity: ServiceIdentity
    private let sender: HTTPSender
    private let url: String
    private let hasTemplate: Mutex<Bool>

    public init(
        name: String = "elasticsearch",
        _ configuration: Configuration,
        identity: ServiceIdentity,
        transport: HTTPTransport,
        clock: WallClock = .system
    ) {
        self.name = name
        self.configuration = configuration
        self.identity = identity
        self.sender = HTTPSender(
            transport: transport,
            reach: configuration.reach,
            credential: configuration.credential,
            time: configuration.time,
            clock: clock
        )
        self.url = configuration.url.withoutSlash
        self.hasTemplate = Mutex(!configuration.installsTemplate)
    }

    public func deliver(_ records: [JournalRecord]) async -> Delivery {
        let batch = DeliveryBatch(records)
        guard !batch.lines.isEmpty else { return batch.delivery([]) }
        if case .later(let reason, let pause) = await self.installTemplate() {
            return batch.delivery(all: .retry(reason: reason), pause: pause)
        }
        var bisection = BatchBisection(count: batch.lines.count)
        while let range = bisection.next {
            let lines = batch.lines[range]
            switch await self.send(lines) {
            case .failure(let failure): bisection.answered(failure.verdict)
            case .success(let answer) where answer.verdict != .accepted: bisection.answered(answer.verdict)
            case .success(let answer):
                if let response = BulkResponse(answer.body, ids: lines.map(\.id)) {
                    let pause = answer.retryAfter ?? (response.isBusy ? Self.busyPause : nil)
                    bisection.answered(response.outcomes, pause: pause)
                } else {
                    bisection.answered(.later(reason: "garbled", pause: nil))
                }
            }
        }
        return batch.delivery(bisection.result, pause: bisection.pause)
    }

    private func send(_ lines: ArraySlice<DeliveredLine>) async -> Result<HTTPSender.Answer, HTTPSender.Failure> {
        await self.sender.push(
            "\(self.url)/\(self.configuration.stream)/_bulk",
            contentType: "application/x-ndjson",
            body: BulkRequest.body(lines, from: self.identity),
            answerLimit: Self.answerLimit
        )
    }

    /// Installs the template unless there is one of its name, which may have been changed by somebody.
    ///
    /// - Returns: what keeps the lines from being sent; whoever may not see or write templates goes without.
    private func installTemplate() async -> HTTPVerdict {
        guard !self.hasTemplate.withLock({ $0 }) else { return .accepted }
        let url = "\(self.url)/_index_template/\(LogIndexTemplate.name)"
        switch await self.sender.send(.head, url, answerLimit: Self.answerLimit) {
        case .failure(let failure): return failure.verdict
        case .success(let answer) where answer.status == 404: break
        case .success(let answer):
            guard answer.status < 300 || answer.status == 403 else { return answer.verdict }
            self.hasTemplate.withLock { $0 = true }
            return .accepted
        }
        let made = await self.sender.send(
            .put,
            url,
            headers: [("Content-Type", "application/json")],
            body: LogIndexTemplate.body(stream: self.configuration.stream),
            answerLimit: Self.answerLimit
        )
        switch made {
        case .failure(let failure): return failure.verdict
        case .success(let answer):
            // Refused for good: what the stream then looks like is the server's choice, and lines are not lost for it.
            if case .later(_, _) = answer.verdict, answer.status != 403 { return answer.verdict }
            self.hasTemplate.withLock { $0 = true }
            return .accepted
        }
    }
}
