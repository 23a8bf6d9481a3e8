public import CherryCache
public import CherryCore
import Crypto
import Foundation
import Synchronization

/// Gives a question of a token the answer to one that says the same in other words, if the token wants that.
///
/// Only the last thing that the user said may differ: the token, the API, the model and everything else of a request
/// enter a keyed digest (HMAC-SHA-256) that must be equal, and so do the marks of the question, such as its numbers and
/// names. Among what is left, the one that is most alike answers, if it is alike enough.
///
/// Questions, their vectors and their answers are sealed under a key that is made at each unlock, lives in memory and
/// goes at the lock. They never leave the process.
public final class SemanticCache: Sendable {
    /// What may be kept.
    public struct Bounds: Sendable, Hashable {
        public var entriesPerToken = 500
        public var bytesPerToken = 8 << 20
        /// Of all tokens together.
        public var bytes = 32 << 20
        /// Of one answer; a longer one is not kept.
        public var longestAnswer = 256 << 10

        /// Creates the usual bounds.
        public init() {}
    }

    /// Names everything of a request but its question; only questions of the same name are compared.
    public struct Scope: Sendable, Hashable {
        let tokenID: RecordID
        fileprivate let generation: Int
        fileprivate let digest: [UInt8]
    }

    /// A question with what it is compared by.
    struct Question {
        var text: String
        /// Of length 1.
        var vector: [Float]
        var model: String
        var embeddings: String?
    }

    private let bounds: Bounds
    private let clock: WallClock
    private let state = Mutex(State())

    init(clock: WallClock, bounds: Bounds = Bounds()) {
        self.clock = clock
        self.bounds = bounds
    }

    // MARK: The key

    func open() {
        self.state.withLock { state in
            guard state.key == nil else { return }
            state.generation += 1
            state.key = SymmetricKey(size: .bits256)
        }
    }

    func close() { self.state.withLock { $0 = State(generation: $0.generation) } }

    /// The scope of `parts`; `nil` while the vault is locked.
    func scope(of parts: [[UInt8]], for token: RecordID) -> Scope? {
        let (key, generation) = self.state.withLock { ($0.key, $0.generation) }
        guard let key else { return nil }
        var code = HMAC<SHA256>(key: key)
        for part in [token.bytes] + parts {
            // With its length, so that no part can pass for the end of the one before it.
            withUnsafeBytes(of: UInt64(part.count).bigEndian) { code.update(data: $0) }
            code.update(data: part)
        }
        return Scope(tokenID: token, generation: generation, digest: Array(code.finalize()))
    }

    // MARK: Answers

    /// Whether anything is kept that a question of this scope could be compared with.
    func holdsAnything(in scope: Scope) -> Bool { self.state.withLock { $0.scopes[scope] != nil } }

    /// The answer to the question that is most alike, if it is at least `threshold`, and how alike they are.
    ///
    /// - Parameter lifetime: an older answer is not given, whatever was said when it was kept.
    func answer(
        to vector: [Float],
        in scope: Scope,
        threshold: Double,
        lifetime: Duration
    ) -> (answer: [UInt8], similarity: Double)? {
        let now = self.clock.now
        let (key, entries) = self.state.withLock { state in
            state.removeAll { $0.scope == scope && $0.expiresAt <= now }
            return (state.key, state.scopes[scope]?.compactMap { state.entries[$0] } ?? [])
        }
        guard let key else { return nil }
        var best: (entry: Entry, similarity: Double)?
        for entry in entries where now < entry.keptAt + lifetime {
            guard
                let probe = entry.probe.open(with: key, as: entry.id, part: .probe).flatMap(SemanticProbe.init(bytes:))
            else {
                continue
            }
            let similarity = QuestionVector.cosine(vector, probe.vector)
            if similarity >= threshold, similarity > best?.similarity ?? -1 { best = (entry, similarity) }
        }
        guard let (entry, similarity) = best, let answer = entry.answer.open(with: key, as: entry.id, part: .answer)
        else { return nil }
        return self.state.withLock { state in
            // It may have been purged meanwhile.
            guard state.entries[entry.id] != nil else { return nil }
            state.noteHit(entry.id, at: now, similarity)
            return (answer, similarity)
        }
    }

    /// Keeps a whole answer, in place of one to the very same question.
    func keep(_ answer: [UInt8], to question: Question, in scope: Scope, for lifetime: Duration) {
        guard answer.count <= self.bounds.longestAnswer, lifetime > .zero else { return }
        let key = self.state.withLock { $0.generation == scope.generation ? $0.key : nil }
        let now = self.clock.now
        let id = RecordID.make(at: now)
        let probe = SemanticProbe(vector: question.vector, text: question.text)
        guard let key, let sealedProbe = SemanticSeal(probe.bytes, with: key, as: id, part: .probe),
            let sealedAnswer = SemanticSeal(answer, with: key, as: id, part: .answer)
        else { return }
        let same = self.entries(in: scope, with: key) { $0.text == question.text }
        self.state.withLock { state in
            guard state.generation == scope.generation, state.key != nil else { return }
            for old in same { state.remove(old) }
            state.insert(
                Entry(
                    id: id,
                    scope: scope,
                    model: question.model,
                    embeddings: question.embeddings,
                    keptAt: now,
                    expiresAt: now + lifetime,
                    probe: sealedProbe,
                    answer: sealedAnswer,
                    lastUse: state.nextUse()
                )
            )
            state.removeAll { $0.expiresAt <= now }
            state.makeRoom(in: self.bounds, for: scope.tokenID)
        }
    }

    private func entries(in scope: Scope, with key: SymmetricKey, where matches: (SemanticProbe) -> Bool) -> [RecordID]
    {
        let entries = self.state.withLock { state in state.scopes[scope]?.compactMap { state.entries[$0] } ?? [] }
        return entries.compactMap { entry in
            let probe = entry.probe.open(with: key, as: entry.id, part: .probe).flatMap(SemanticProbe.init(bytes:))
            return probe.map(matches) == true ? entry.id : nil
        }
    }

    // MARK: Seeing and purging

    /// What is kept, of one token or of all, the newest first.
    public func entries(of token: RecordID? = nil, limit: Int) -> [SemanticEntry] {
        let now = self.clock.now
        let (key, entries) = self.state.withLock { state in
            state.removeAll { $0.expiresAt <= now }
            return (state.key, state.entries.values.filter { token == nil || $0.scope.tokenID == token })
        }
        guard let key else { return [] }
        return entries.sorted { ($0.keptAt, $0.id) > ($1.keptAt, $1.id) }.prefix(limit).compactMap { entry in
            let probe = entry.probe.open(with: key, as: entry.id, part: .probe).flatMap(SemanticProbe.init(bytes:))
            return probe.map { probe in
                SemanticEntry(
                    id: entry.id,
                    tokenID: entry.scope.tokenID,
                    model: entry.model,
                    embeddings: entry.embeddings,
                    keptAt: entry.keptAt,
                    expiresAt: entry.expiresAt,
                    question: probe.text,
                    bytes: entry.bytes,
                    hits: entry.hits,
                    lastHitAt: entry.lastHitAt,
                    similarity: entry.similarity
                )
            }
        }
    }

    /// How many answers are kept, and their bytes.
    public func statistics() -> CacheStatistics {
        let now = self.clock.now
        return self.state.withLock { state in
            state.removeAll { $0.expiresAt <= now }
            return state.total
        }
    }

    /// Forgets one answer.
    ///
    /// - Returns: whether it was there.
    @discardableResult
    public func remove(_ id: RecordID) -> Bool { self.state.withLock { $0.remove(id) } }

    /// Forgets the answers of one token, or of all.
    public func purge(of token: RecordID? = nil) {
        self.state.withLock { state in state.removeAll { token == nil || $0.scope.tokenID == token } }
    }

    /// Forgets the answers of every token that is not among these.
    func keepOnly(_ tokens: Set<RecordID>) {
        self.state.withLock { state in state.removeAll { !tokens.contains($0.scope.tokenID) } }
    }
}
