@testable import CherryJournal

/// What a journal must do, said as simply as possible: a fate for each record of each destination, of which a crash takes
/// back what was not written down.
struct JournalModel {
    enum Fate: Hashable {
        case queued, sent, quarantined
        case dropped(String)
    }

    struct Destination: Hashable {
        var kinds: Set<JournalKind>
        var fates: [String: Fate] = [:]
    }

    private(set) var destinations: [String: Destination] = [:]
    private var written: [String: Destination] = [:]

    mutating func register(_ name: String, _ kinds: Set<JournalKind>, kindOf: (String) -> JournalKind) {
        var destination = self.destinations[name] ?? Destination(kinds: [])
        for (text, fate) in destination.fates where !kinds.contains(kindOf(text)) {
            if fate == .queued || fate == .quarantined { destination.fates[text] = .dropped("removed") }
        }
        destination.kinds = kinds
        self.destinations[name] = destination
    }

    mutating func append(_ text: String, _ kind: JournalKind) {
        for name in self.destinations.keys where self.destinations[name]?.kinds.contains(kind) == true {
            self.destinations[name]?.fates[text] = .queued
            // A record that is on the disk stays there; only what became of it can be forgotten.
            self.written[name]?.fates[text] = .queued
        }
    }

    mutating func settle(_ name: String, _ text: String, _ fate: Fate) { self.destinations[name]?.fates[text] = fate }

    mutating func commit() { self.written = self.destinations }

    mutating func crash() { self.destinations = self.written }

    func texts(_ name: String, _ fate: Fate) -> Set<String> {
        Set((self.destinations[name]?.fates ?? [:]).filter { $0.value == fate }.keys)
    }

    func ledger(_ name: String) -> JournalLedger {
        let destination = self.destinations[name] ?? Destination(kinds: [])
        var dropped: [String: UInt64] = [:]
        for case .dropped(let reason) in destination.fates.values { dropped[reason, default: 0] += 1 }
        func count(_ fate: Fate) -> UInt64 { UInt64(destination.fates.values.count { $0 == fate }) }
        return JournalLedger(
            destination: name,
            isRemoved: destination.kinds.isEmpty,
            produced: UInt64(destination.fates.count),
            sent: count(.sent),
            queued: count(.queued),
            quarantined: count(.quarantined),
            dropped: dropped
        )
    }
}
