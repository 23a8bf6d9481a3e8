import CherryCore
import CherryJournal
import Synchronization

/// Makes transactions of the spans that end in this process, and hands them to the journal.
final class TransactionRecorder: Sendable {
    private let encoder: TransactionEncoder
    private let share: TraceShare
    private let append: @Sendable (JournalEntry) -> Void
    private let lost: @Sendable (Int) -> Void
    private let collector: Mutex<TransactionCollector>

    /// - Parameters:
    ///   - append: hands a transaction on. Must not wait.
    ///   - lost: is told how many spans will be in no transaction.
    init(
        encoder: TransactionEncoder,
        limits: TransactionCollector.Limits = .init(),
        append: @escaping @Sendable (JournalEntry) -> Void,
        lost: @escaping @Sendable (Int) -> Void
    ) {
        self.encoder = encoder
        self.share = TraceShare(encoder.share)
        self.append = append
        self.lost = lost
        self.collector = Mutex(TransactionCollector(limits: limits))
    }

    /// Takes a span that has ended; one of a trace that is not in the share is passed over.
    func take(_ span: SpanRecord) {
        guard self.share.contains(span.context.trace) else { return }
        let outcome = self.collector.withLock { $0.take(span) }
        if outcome.lost > 0 { self.lost(outcome.lost) }
        guard let transaction = outcome.transaction else { return }
        let at = Timestamp(milliseconds: Int64(clamping: transaction.root.end / 1_000_000))
        let envelope = self.encoder.envelope(transaction, id: .make())
        self.append(JournalEntry(kind: .transaction, at: at, payload: envelope.stored()))
    }
}
