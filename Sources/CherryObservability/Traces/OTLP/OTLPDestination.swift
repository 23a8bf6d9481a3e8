public import CherryCore
public import CherryJournal
public import CherryNet

/// Sends spans to a collector by OTLP over HTTP, in JSON.
public struct OTLPDestination: JournalDestination {
    public let name = "otlp"
    public let kinds: Set<JournalKind> = [.span]
    public let limits = DeliveryLimits(records: 512, bytes: 1 << 20)

    private let url: String
    private let headers: [(name: String, value: String)]
    private let reach: EgressReach
    private let encoder: OTLPEncoder
    private let transport: HTTPTransport

    private static let answerLimit = 64 << 10

    /// - Parameters:
    ///   - url: the collector's address up to its path: `/v1/traces` is added, as the protocol says.
    ///   - token: sent as a bearer token.
    public init(
        url: String,
        reach: EgressReach,
        token: Secret<String>? = nil,
        identity: ServiceIdentity,
        transport: HTTPTransport
    ) {
        self.url = (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/v1/traces"
        self.headers =
            [("Content-Type", "application/json")] + (token.map { [("Authorization", "Bearer \($0.exposed)")] } ?? [])
        self.reach = reach
        self.encoder = OTLPEncoder(identity: identity)
        self.transport = transport
    }

    public func deliver(_ records: [JournalRecord]) async -> Delivery {
        let spans = records.map { SpanRecord(payload: $0.entry.payload) }
        let readable = spans.compactMap { $0 }
        guard !readable.isEmpty else { return Delivery(spans.map { _ in Self.unreadable }) }
        let answer = await self.send(readable)
        var outcomes = answer.outcomes(of: readable.count)[...]
        return Delivery(
            spans.map { $0 == nil ? Self.unreadable : outcomes.popFirst() ?? .sent },
            pause: answer.pause
        )
    }

    private static let unreadable = DeliveryOutcome.quarantine(reason: "unreadable")

    private func send(_ spans: [SpanRecord]) async -> OTLPAnswer {
        let request = OutgoingRequest(
            .post,
            self.url,
            headers: self.headers,
            body: self.encoder.body(spans),
            limits: .init(firstByte: .seconds(10), gap: .seconds(10), total: .seconds(30), size: Self.answerLimit),
            reach: self.reach
        )
        do {
            let response = try await self.transport.send(request)
            let body = try await response.body.collect(upTo: Self.answerLimit)
            return OTLPAnswer(status: response.status, retryAfter: response.header("retry-after"), body: body)
        } catch let error as NetError {
            return OTLPAnswer(.retry(reason: "net_\(error.code)"))
        } catch {
            return OTLPAnswer(.retry(reason: "cancelled"))
        }
    }
}
