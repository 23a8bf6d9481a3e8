public import CherryJournal

/// The journal's accounts as figures. Each of an account's figures has one, so that a rule can add them up again.
public enum JournalMetrics {
    /// Every kind of destination; whatever else has an account is `other`.
    static let destinations = TelemetryKind.allCases.map(\.rawValue) + [MetricLabel.other]
    /// Why records are dropped. A refusal with any status is `http`; whatever else there may be is `other`.
    static let reasons = [
        "memory", "full", "too_large", "unavailable", "removed", "damaged", "quarantine_full", "discarded", "rejected",
        "rate_limited", "http", MetricLabel.other,
    ]

    /// The figures of accounts at one moment.
    ///
    /// - Parameter size: bytes that the segments take and may take.
    public static func samples(_ ledger: [JournalLedger], size: (bytes: Int, limit: Int)) -> [CollectedSample] {
        var samples: [CollectedSample] = [
            CollectedSample("cherry_journal_segment_bytes", Double(size.bytes)),
            CollectedSample("cherry_journal_segment_limit_bytes", Double(size.limit)),
        ]
        for (destination, accounts) in Dictionary(grouping: ledger, by: { self.name(of: $0.destination) }) {
            let labels = ["destination": destination]
            let figures: [(String, KeyPath<JournalLedger, UInt64>)] = [
                ("cherry_journal_produced_total", \.produced), ("cherry_journal_sent_total", \.sent),
                ("cherry_journal_queued_records", \.queued), ("cherry_journal_quarantined_records", \.quarantined),
            ]
            for (name, figure) in figures {
                let sum = accounts.reduce(0) { $0 + $1[keyPath: figure] }
                samples.append(CollectedSample(name, labels: labels, Double(sum)))
            }
            var dropped: [String: UInt64] = [:]
            for (reason, count) in accounts.flatMap(\.dropped) {
                dropped[self.name(ofReason: reason), default: 0] += count
            }
            for (reason, count) in dropped {
                let labels = ["destination": destination, "reason": reason]
                samples.append(CollectedSample("cherry_journal_dropped_total", labels: labels, Double(count)))
            }
        }
        return samples
    }

    private static func name(of destination: String) -> String {
        self.destinations.contains(destination) ? destination : MetricLabel.other
    }

    private static func name(ofReason reason: String) -> String {
        if reason.hasPrefix("http_") { return "http" }
        return self.reasons.contains(reason) ? reason : MetricLabel.other
    }
}
