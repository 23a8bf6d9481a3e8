import CherryCore
import CherryMemory
import CherryStore
import Synchronization

/// Builds the search index and keeps it up to date from the change feed.
final class SearchIndexer: Sendable {
    private struct State {
        /// One more each time everything is dropped, so that a build begun before does not put anything back.
        var generation = 0
        /// The feed position up to which the index is; `nil` until it is built.
        var cursor: Int64?
        var isBuilding = false
    }

    private static let batch = 200
    private let store: SealedStore
    private let index: LexicalIndex
    private let state = Mutex(State())

    init(store: SealedStore, index: LexicalIndex) {
        self.store = store
        self.index = index
    }

    /// Whether the index is not complete yet.
    var isIndexing: Bool { self.state.withLock { $0.cursor == nil } }

    /// Forgets everything readable and stops what is being built.
    func drop() {
        self.state.withLock { self.drop(&$0) }
    }

    /// Builds the index and returns when it is complete; at once when it is, or is being built by somebody else.
    func build() async throws {
        let generation: Int? = self.state.withLock { state in
            guard state.cursor == nil, !state.isBuilding else { return nil }
            state.isBuilding = true
            return state.generation
        }
        guard let generation else { return }
        do {
            let position = try await self.store.position()
            try await self.add(Message.self, generation)
            try await self.add(ContextItem.self, generation)
            self.state.withLock { state in
                guard state.generation == generation else { return }
                state.cursor = position
                state.isBuilding = false
            }
        } catch {
            self.state.withLock { state in
                if state.generation == generation { self.drop(&state) }
            }
            throw error
        }
        try await self.catchUp()
    }

    /// Takes in what is new, if the index is built.
    func catchUp() async throws {
        while true {
            let (generation, cursor) = self.state.withLock { ($0.generation, $0.cursor) }
            guard let cursor else { return }
            let page = try await self.store.sealedChanges(since: cursor, limit: Self.batch)
            if page.isStale {
                self.state.withLock { state in
                    if state.generation == generation { self.drop(&state) }
                }
                return try await self.build()
            }
            let isTaken = try self.apply(page, since: cursor, generation)
            if isTaken, !page.hasMore { return }
        }
    }

    /// Adds all records of a type, each batch under the lock, so that nothing is added after a drop. A batch takes a
    /// few milliseconds.
    private func add<R: SearchableRecord>(_: R.Type, _ generation: Int) async throws {
        try await self.store.forEach(R.self, batch: Self.batch) { records in
            try Task.checkCancellation()
            try self.state.withLock { state in
                guard state.generation == generation else { throw CancellationError() }
                for record in records { self.index.add(record.value.id, record.value.searchText) }
            }
        }
    }

    /// Applies a page, unless somebody else has done it meanwhile.
    ///
    /// - Returns: whether everything in it is taken in. Somebody else may have applied a page that was read earlier and
    ///   has less.
    private func apply(_ page: ChangePage, since cursor: Int64, _ generation: Int) throws -> Bool {
        let changes = try page.records.compactMap { row -> (id: RecordID, text: String?)? in
            switch row.collection {
            case .messages: (row.id, try self.store.value(Message.self, of: row)?.value.searchText)
            case .context: (row.id, try self.store.value(ContextItem.self, of: row)?.value.searchText)
            default: nil
            }
        }
        return self.state.withLock { state in
            guard state.generation == generation, let now = state.cursor else { return false }
            guard now == cursor else { return now >= page.next }
            for change in changes {
                if let text = change.text {
                    self.index.add(change.id, text)
                } else {
                    self.index.remove(change.id)
                }
            }
            state.cursor = page.next
            return true
        }
    }

    private func drop(_ state: inout State) {
        self.index.removeAll()
        state = State(generation: state.generation + 1)
    }
}
