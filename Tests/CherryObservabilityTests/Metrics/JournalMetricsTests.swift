import CherryJournal
import Testing

@testable import CherryObservability

@Suite("The journal's accounts as figures")
struct JournalMetricsTests {
    private static func account(_ name: String, dropped: [String: UInt64] = [:]) -> JournalLedger {
        JournalLedger(
            destination: name,
            isRemoved: false,
            produced: 10 + dropped.values.reduce(0, +),
            sent: 5,
            queued: 3,
            quarantined: 2,
            dropped: dropped
        )
    }

    private static func figures(_ ledger: [JournalLedger]) -> [String: Double] {
        let samples = JournalMetrics.samples(ledger, size: (4096, 8192))
        return Dictionary(
            uniqueKeysWithValues: samples.map { sample in
                let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                return ("\(sample.name){\(labels.joined(separator: ","))}", sample.value)
            }
        )
    }

    @Test("Every figure of an account is there, and they add up as the account does")
    func account() {
        let figures = Self.figures([Self.account("loki", dropped: ["memory": 4, "removed": 1])])
        #expect(
            figures == [
                "cherry_journal_segment_bytes{}": 4096, "cherry_journal_segment_limit_bytes{}": 8192,
                "cherry_journal_produced_total{destination=loki}": 15,
                "cherry_journal_sent_total{destination=loki}": 5,
                "cherry_journal_queued_records{destination=loki}": 3,
                "cherry_journal_quarantined_records{destination=loki}": 2,
                "cherry_journal_dropped_total{destination=loki,reason=memory}": 4,
                "cherry_journal_dropped_total{destination=loki,reason=removed}": 1,
            ]
        )
    }

    @Test("Reasons come from a closed set: statuses are one, and what nobody knows is another")
    func reasons() {
        let dropped: [String: UInt64] = ["http_500": 1, "http_418": 2, "": 4, "what a person wrote": 8, "full": 16]
        let figures = Self.figures([Self.account("sentry", dropped: dropped)])
        #expect(figures["cherry_journal_dropped_total{destination=sentry,reason=http}"] == 3)
        #expect(figures["cherry_journal_dropped_total{destination=sentry,reason=other}"] == 12)
        #expect(figures["cherry_journal_dropped_total{destination=sentry,reason=full}"] == 16)
    }

    @Test("Accounts that the catalogue does not know stand under one name together")
    func strangers() {
        let figures = Self.figures([Self.account("one"), Self.account("two"), Self.account("otlp")])
        #expect(figures["cherry_journal_produced_total{destination=other}"] == 20)
        #expect(figures["cherry_journal_produced_total{destination=otlp}"] == 10)
    }

    @Test("Every figure fits its declaration, so that none is left out")
    func declared() {
        let registry = MetricRegistry(MetricCatalogue.all)
        let ledger = JournalMetrics.destinations.map { name in
            Self.account(name, dropped: Dictionary(uniqueKeysWithValues: JournalMetrics.reasons.map { ($0, 1) }))
        }
        let samples = JournalMetrics.samples(ledger, size: (1, 2))
        registry.collect { samples }
        let shown = registry.snapshot(withNative: false).filter { $0.declaration.name.hasPrefix("cherry_journal_") }
        #expect(shown.reduce(0) { $0 + $1.series.count } == samples.count)
    }
}
