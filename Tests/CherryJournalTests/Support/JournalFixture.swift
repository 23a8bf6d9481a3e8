import CherryCore
import CherryTesting
import Foundation

@testable import CherryJournal

/// A journal in a folder of its own that can be left as a crash leaves it and opened again.
final class JournalFixture {
    let folder: TemporaryFolder
    var configuration: JournalConfiguration

    init(_ configure: (inout JournalConfiguration) -> Void = { _ in }) throws {
        self.folder = try TemporaryFolder(inMemory: ())
        self.configuration = JournalConfiguration(folder: self.folder.file("journal"))
        self.configuration.segmentSize = 16 << 10
        self.configuration.sizeLimit = 1 << 20
        self.configuration.patience = .zero
        configure(&self.configuration)
    }

    func open() async throws -> Journal {
        try await Journal(self.configuration, sealer: TestOperationsSealer())
    }

    /// The files, by name.
    func files() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: self.configuration.folder) {
            files[name] = [UInt8](try Data(contentsOf: self.url(name)))
        }
        return files
    }

    func url(_ name: String) -> URL { URL(fileURLWithPath: "\(self.configuration.folder)/\(name)") }

    static func entry(_ text: String, _ kind: JournalKind = .log) -> JournalEntry {
        JournalEntry(kind: kind, at: Timestamp(milliseconds: 1_700_000_000_000), payload: Array(text.utf8))
    }
}

extension Journal {
    /// The account of one destination.
    func line(_ name: String) async -> JournalLedger? { await self.ledger().first { $0.destination == name } }

    /// Hands out up to `count` records of a destination as texts, with what settles them.
    func next(_ name: String, _ count: Int = 1000) async throws -> [QueuedRecord] {
        try await self.core.next(name, DeliveryLimits(records: count, bytes: 1 << 20))
    }

    @discardableResult
    func settle(_ name: String, _ records: [QueuedRecord], _ fate: Settlement.Fate = .sent) async throws
        -> Set<RecordKey>
    {
        try await self.core.settle(name, records.map { Settlement(key: $0.key, fate: fate) })
    }
}

extension QueuedRecord {
    var text: String { String(decoding: self.record.entry.payload, as: UTF8.self) }
}
