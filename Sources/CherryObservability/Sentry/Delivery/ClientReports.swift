import CherryCore

/// Counts what was lost on this side, for the server's own books: a `client_report` item.
///
/// Follows the developer documentation, "Client Reports". What the server itself refused with 429 is not counted here,
/// since the server has counted it.
public struct ClientReports: Sendable, Hashable {
    /// Why something was lost.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        case queueOverflow = "queue_overflow"
        case cacheOverflow = "cache_overflow"
        case ratelimitBackoff = "ratelimit_backoff"
        case networkError = "network_error"
        case sendError = "send_error"
        case internalError = "internal_sdk_error"
        case backpressure = "backpressure"
    }

    private struct Key: Hashable, Comparable {
        let reason: Reason
        let category: SentryCategory
        static func < (lhs: Key, rhs: Key) -> Bool {
            (lhs.reason.rawValue, lhs.category.rawValue) < (rhs.reason.rawValue, rhs.category.rawValue)
        }
    }

    private var counts: [Key: Int] = [:]

    /// Nothing lost.
    public init() {}

    /// Whether there is nothing to report.
    public var isEmpty: Bool { self.counts.isEmpty }

    /// Counts what was lost.
    public mutating func count(_ reason: Reason, _ category: SentryCategory, _ quantity: Int = 1) {
        guard quantity > 0 else { return }
        let key = Key(reason: reason, category: category)
        let (sum, overflow) = self.counts[key, default: 0].addingReportingOverflow(quantity)
        self.counts[key] = overflow ? .max : sum
    }

    /// Adds what another has counted.
    public mutating func add(_ other: ClientReports) {
        for (key, quantity) in other.counts { self.count(key.reason, key.category, quantity) }
    }

    /// Takes out what was counted; the caller gives it back with `add` if it does not arrive.
    public mutating func take() -> ClientReports {
        defer { self.counts = [:] }
        return self
    }

    /// How often something was lost.
    public func quantity(_ reason: Reason, _ category: SentryCategory) -> Int {
        self.counts[Key(reason: reason, category: category), default: 0]
    }

    /// The item's payload, always below the 4 KiB that the protocol allows.
    func json(at time: Timestamp) -> JSONValue {
        [
            "timestamp": .string(SentryTime.text(time)),
            "discarded_events": .array(
                self.counts.sorted { $0.key < $1.key }.map { key, quantity in
                    [
                        "reason": .string(key.reason.rawValue), "category": .string(key.category.rawValue),
                        "quantity": .integer(Int64(quantity)),
                    ]
                }
            ),
        ]
    }

    /// Reads a payload that a browser sent; what is unknown or impossible in it is left out.
    init(reading json: JSONValue) {
        for entry in (json["discarded_events"]?.array ?? []).prefix(100) {
            guard let reason = entry["reason"]?.string.flatMap(Reason.init(rawValue:)),
                let category = entry["category"]?.string.flatMap(SentryCategory.init(rawValue:)),
                let quantity = entry["quantity"]?.integer, (1...1_000_000).contains(quantity)
            else { continue }
            self.count(reason, category, quantity)
        }
    }
}
