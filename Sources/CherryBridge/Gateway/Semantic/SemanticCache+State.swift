import CherryCache
import CherryCore
import Crypto

extension SemanticCache {
    /// One answer, sealed.
    struct Entry {
        let id: RecordID
        let scope: Scope
        let model: String
        let embeddings: String?
        let keptAt: Timestamp
        let expiresAt: Timestamp
        /// The vector and the question.
        let probe: SemanticSeal
        let answer: SemanticSeal
        var hits = 0
        var lastHitAt: Timestamp?
        var similarity: ClosedRange<Double>?
        var lastUse: Int

        var bytes: Int { self.probe.count + self.answer.count + self.model.utf8.count + Self.overhead }
        /// Ids, digest, times and the places in tables, about.
        private static let overhead = 256
    }

    /// All that is kept, with its indices.
    struct State {
        var key: SymmetricKey?
        /// Grows with every key, so that nothing is kept under a later one.
        var generation = 0
        var uses = 0
        var entries: [RecordID: Entry] = [:]
        var scopes: [Scope: [RecordID]] = [:]
        var tokens: [RecordID: CacheStatistics] = [:]
        var total = CacheStatistics()
    }
}

extension SemanticCache.State {
    mutating func nextUse() -> Int {
        self.uses += 1
        return self.uses
    }

    mutating func noteHit(_ id: RecordID, at time: Timestamp, _ similarity: Double) {
        guard var entry = self.entries[id] else { return }
        entry.hits += 1
        entry.lastHitAt = time
        let known = entry.similarity ?? similarity...similarity
        entry.similarity = min(known.lowerBound, similarity)...max(known.upperBound, similarity)
        entry.lastUse = self.nextUse()
        self.entries[id] = entry
    }

    mutating func insert(_ entry: SemanticCache.Entry) {
        self.entries[entry.id] = entry
        self.scopes[entry.scope, default: []].append(entry.id)
        self.count(entry, 1)
    }

    @discardableResult
    mutating func remove(_ id: RecordID) -> Bool {
        guard let entry = self.entries.removeValue(forKey: id) else { return false }
        let rest = self.scopes[entry.scope]?.filter { $0 != id } ?? []
        self.scopes[entry.scope] = rest.isEmpty ? nil : rest
        self.count(entry, -1)
        return true
    }

    mutating func removeAll(where matches: (SemanticCache.Entry) -> Bool) {
        for entry in self.entries.values.filter(matches) { self.remove(entry.id) }
    }

    /// Forgets what was unused for longest, first of the token that has just grown.
    mutating func makeRoom(in bounds: SemanticCache.Bounds, for token: RecordID) {
        while let used = self.tokens[token],
            used.entries > bounds.entriesPerToken || used.bytes > bounds.bytesPerToken,
            let oldest = self.oldest(where: { $0.scope.tokenID == token })
        {
            self.remove(oldest)
        }
        while self.total.bytes > bounds.bytes, let oldest = self.oldest(where: { _ in true }) { self.remove(oldest) }
    }

    private func oldest(where matches: (SemanticCache.Entry) -> Bool) -> RecordID? {
        self.entries.values.filter(matches).min { $0.lastUse < $1.lastUse }?.id
    }

    private mutating func count(_ entry: SemanticCache.Entry, _ sign: Int) {
        self.total.entries += sign
        self.total.bytes += sign * entry.bytes
        var token = self.tokens[entry.scope.tokenID] ?? CacheStatistics()
        token.entries += sign
        token.bytes += sign * entry.bytes
        self.tokens[entry.scope.tokenID] = token.entries == 0 ? nil : token
    }
}
