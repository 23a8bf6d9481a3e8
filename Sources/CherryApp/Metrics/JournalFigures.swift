import CherryJournal
import CherryObservability
import Synchronization

/// The journal's accounts as they were when a scrape began: reading them waits, and collecting figures must not.
final class JournalFigures: Sendable {
    /// A struct, since a function that is a `Mutex`'s own value is wrapped once more each time it is looked at.
    private struct Source {
        var journal: @Sendable () -> Journal? = { nil }
    }

    private let source = Mutex(Source())
    private let samples = Mutex<[CollectedSample]>([])

    /// As they were read last.
    var current: [CollectedSample] { self.samples.withLock { $0 } }

    /// Names what hands over the journal while it is open.
    func follow(_ journal: @escaping @Sendable () -> Journal?) { self.source.withLock { $0.journal = journal } }

    /// Reads them anew.
    func read() async {
        guard let journal = self.source.withLock({ $0.journal })() else { return self.samples.withLock { $0 = [] } }
        let samples = JournalMetrics.samples(await journal.ledger(), size: await journal.size)
        self.samples.withLock { $0 = samples }
    }
}
