import CherryJournal

/// What a Sentry server said to an envelope, as far as it matters.
public struct SentryAnswer: Sendable, Hashable {
    public var status: Int
    /// The value of `X-Sentry-Rate-Limits`.
    public var rateLimits: String?
    /// The value of `Retry-After`.
    public var retryAfter: String?

    public init(status: Int, rateLimits: String? = nil, retryAfter: String? = nil) {
        self.status = status
        self.rateLimits = rateLimits
        self.retryAfter = retryAfter
    }

    /// What becomes of the envelope (developer documentation, "Offline Caching", dealing with network failures): it is
    /// tried again only when no server of Sentry's has had it.
    var outcome: DeliveryOutcome {
        switch self.status {
        case 200..<300: .sent
        // Somebody else answers at this address; another time it may be the right one.
        case 300..<400: .retry(reason: "redirected")
        case 413: .drop(reason: "too_large")
        case 429: .drop(reason: "rate_limited")
        default: .drop(reason: "http_\(self.status)")
        }
    }

    /// Why the loss is reported; `nil` where there is none, or the server counts it itself.
    var reason: ClientReports.Reason? {
        switch self.status {
        case 429: nil
        case 400...: .sendError
        default: nil
        }
    }
}
