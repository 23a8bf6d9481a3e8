import CherryCore
import CherryJournal

/// What an answer means for what was sent (OTLP, "OTLP/HTTP Response").
struct OTLPAnswer: Hashable {
    private let outcome: DeliveryOutcome
    let pause: Duration?
    /// Spans that the collector took no notice of. It does not say which, and forbids sending them again.
    private let rejected: Int

    /// What came of a request that was not answered.
    init(_ outcome: DeliveryOutcome) {
        self.outcome = outcome
        self.pause = nil
        self.rejected = 0
    }

    init(status: Int, retryAfter: String?, body: [UInt8]) {
        // Seconds alone are read: a date would need a clock that both sides share.
        self.pause = retryAfter.flatMap { Int($0) }.flatMap { (0...86_400).contains($0) ? .seconds($0) : nil }
        var rejected = 0
        switch status {
        case 200..<300:
            self.outcome = .sent
            let count = (try? JSONValue(parsing: body))?["partialSuccess"]?["rejectedSpans"]  // a body is optional
            rejected = max(count?.integer ?? count?.string.flatMap { Int($0) } ?? 0, 0)
        case 429, 502, 503, 504: self.outcome = .retry(reason: "http_\(status)")
        // Somebody mends it, and should not find that everything until then is gone.
        case 401, 403, 404: self.outcome = .retry(reason: "http_\(status)")
        default: self.outcome = .quarantine(reason: (300..<600).contains(status) ? "http_\(status)" : "http_other")
        }
        self.rejected = rejected
    }

    /// One outcome for each of `count` spans, in order.
    func outcomes(of count: Int) -> [DeliveryOutcome] {
        let rejected = min(self.rejected, count)
        return Array(repeating: self.outcome, count: count - rejected)
            + Array(repeating: .drop(reason: "rejected"), count: rejected)
    }
}
