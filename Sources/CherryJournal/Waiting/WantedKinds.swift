import Synchronization

/// The kinds that somebody takes. Asked for every line of the log, so there is no lock in it.
final class WantedKinds: Sendable {
    /// A bit for each kind.
    private let bits = Atomic<UInt64>(0)

    func contains(_ kind: JournalKind) -> Bool { self.bits.load(ordering: .relaxed) >> UInt64(kind.index) & 1 == 1 }

    func set(_ kinds: Set<JournalKind>) {
        self.bits.store(kinds.reduce(0) { $0 | 1 << UInt64($1.index) }, ordering: .relaxed)
    }
}
