/// What is in quarantine and where it lies in the file. Pure: made by the events, one after the other.
struct QuarantineIndex: Sendable {
    struct Entry: Hashable, Sendable {
        let kind: JournalKind
        let at: Int64
        var reason: String
        var isRequeued = false
        /// Where its event lies in the file.
        var offset: Int
        let length: Int
        let hasPayload: Bool
        /// Grows with each record that is put aside: the oldest goes first.
        let order: UInt64
    }

    private(set) var entries: [QuarantineKey: Entry] = [:]
    /// Bytes of events that are still needed.
    private(set) var liveBytes = 0
    private var nextOrder: UInt64 = 0

    mutating func apply(_ event: QuarantineEvent, offset: Int, length: Int) {
        switch event {
        case .held(let key, let kind, let at, let reason, let payload):
            self.remove(key)
            self.entries[key] = Entry(
                kind: kind,
                at: at,
                reason: reason,
                offset: offset,
                length: length,
                hasPayload: !payload.isEmpty,
                order: self.nextOrder
            )
            self.nextOrder += 1
            self.liveBytes += length
        case .requeued(let key): self.entries[key]?.isRequeued = true
        case .returned(let key, let reason):
            self.entries[key]?.isRequeued = false
            self.entries[key]?.reason = reason
        case .gone(let key): self.remove(key)
        }
    }

    mutating func remove(_ key: QuarantineKey) {
        if let entry = self.entries.removeValue(forKey: key) { self.liveBytes -= entry.length }
    }

    /// The keys of a destination, oldest first.
    func keys(of destination: String, requeued: Bool) -> [QuarantineKey] {
        self.entries.filter { $0.key.destination == destination && $0.value.isRequeued == requeued }
            .sorted { $0.value.order < $1.value.order }.map(\.key)
    }

    /// What has been put aside longest.
    var oldestHeld: QuarantineKey? {
        self.entries.filter { !$0.value.isRequeued }.min { $0.value.order < $1.value.order }?.key
    }
}
