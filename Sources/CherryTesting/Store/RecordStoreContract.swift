import CherryCore
public import CherryStore
public import Testing

/// The law for every `RecordStore`: an engine is one when it passes each of `checks`.
///
///     @Test("SQLite keeps the contract", arguments: RecordStoreContract.checks)
///     func contract(_ check: RecordStoreContract.Check) async throws {
///         try await check.run(against: { try SQLiteRecordStore(path: path) })
///     }
public enum RecordStoreContract {
    /// One clause of it.
    public struct Check: Sendable, CustomTestStringConvertible {
        /// The behaviour in words.
        public let name: String
        private let body: @Sendable (_ open: Open) async throws -> Void

        init(_ name: String, _ body: @escaping @Sendable (_ open: Open) async throws -> Void) {
            self.name = name
            self.body = body
        }

        public var testDescription: String { self.name }

        /// Runs the clause.
        ///
        /// - Parameter open: opens the same, at first empty, database each time it is called. The engine before is no
        ///   longer used when it is called again.
        public func run(against open: @escaping Open) async throws { try await self.body(open) }
    }

    /// Opens an engine.
    public typealias Open = @Sendable () async throws -> any RecordStore

    /// Clauses for engines of every kind.
    public static let checks: [Check] =
        Self.readingChecks + Self.writingChecks + Self.feedChecks + Self.digestChecks + Self.maintenanceChecks

    /// Clauses for engines that outlive the process.
    public static let durabilityChecks: [Check] = [
        Check("everything is there after opening again") { open in
            let before = try await Self.fill(try await open(), count: 20)
            let store = try await open()
            #expect(try await store.list(.messages, scope: nil, after: nil, limit: 100) == before)
            #expect(try await store.counts() == [Fixture.key: 20])
            let feed = try await store.changes(since: 0, limit: 100)
            #expect(feed.records.map(\.id).sorted() == before.map(\.id))
            let next = try await store.write([Fixture.put(.messages)], digest: Fixture.ignore)
            #expect(next[0].position > feed.next, "positions go on where they were")
        },
        Check("a purge is remembered after opening again") { open in
            let first = try await open()
            let row = try await first.write([Fixture.put(.messages)], digest: Fixture.ignore)[0]
            try await first.write([Fixture.delete(row, at: 10)], digest: Fixture.ignore)
            try await first.purgeTombstones(before: Fixture.time(11))
            let second = try await open()
            #expect(try await second.changes(since: row.position, limit: 1).isStale)
        },
    ]

    static func fill(_ store: any RecordStore, count: Int) async throws -> [StoredRecord] {
        let rows = try await store.write((0..<count).map { _ in Fixture.put(.messages) }, digest: Fixture.ignore)
        return rows.sorted { $0.id < $1.id }
    }
}
