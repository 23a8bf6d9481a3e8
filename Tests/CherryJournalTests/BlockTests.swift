import CherryCore
import CherryTesting
import Testing

@testable import CherryJournal

@Suite("Records that were written together")
struct BlockTests {
    private static let texts = (0..<600).map { "line \($0)" }

    private static func entry(_ number: Int) -> JournalEntry {
        JournalEntry(
            kind: .log,
            at: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number)),
            payload: Array(Self.texts[number].utf8)
        )
    }

    private func journal(_ fixture: JournalFixture) async throws -> Journal {
        let journal = try await fixture.open()
        try await journal.register("loki", kinds: [.log])
        try await journal.append(Self.texts.indices.map(Self.entry))
        return journal
    }

    private func fixture() throws -> JournalFixture {
        try JournalFixture { ($0.segmentSize, $0.sizeLimit) = (1 << 20, 4 << 20) }
    }

    @Test("are handed out one by one, with their own times and ids, wherever a batch ends")
    func batches() async throws {
        let fixture = try self.fixture()
        let journal = try await self.journal(fixture)
        var records: [QueuedRecord] = []
        for count in [1, 254, 2, 100, 1000] { records += try await journal.next("loki", count) }
        #expect(records.map(\.text) == Self.texts)
        #expect(records.map(\.record.entry) == Self.texts.indices.map(Self.entry))
        #expect(Set(records.map(\.record.id)).count == Self.texts.count)
    }

    @Test("are one to the disk: a few frames for hundreds")
    func frames() async throws {
        let fixture = try self.fixture()
        let journal = try await self.journal(fixture)
        #expect(await journal.core.lanes[0].index.segments.map(\.slots.count) == [600])
        let offsets = await journal.core.lanes[0].index.segments[0].slots
        #expect(Set((0..<600).map { offsets[$0].offset }).count == 3)
    }

    @Test("go on from the middle of a block after a restart")
    func restart() async throws {
        let fixture = try self.fixture()
        var journal: Journal? = try await self.journal(fixture)
        let first = try #require(try await journal?.next("loki", 300))
        try await journal?.settle("loki", first)
        try await journal?.commit()
        journal = nil
        let next = try await fixture.open()
        #expect(try await next.next("loki").map(\.text) == Array(Self.texts[300...]))
        #expect(await next.line("loki")?.queued == 300)
    }

    @Test("can be refused one by one, and tried again after a restart as they were")
    func quarantine() async throws {
        let fixture = try self.fixture()
        var journal: Journal? = try await self.journal(fixture)
        let records = try #require(try await journal?.next("loki"))
        try await journal?.settle("loki", [records[5]], .quarantined(reason: "http_400"))
        try await journal?.settle("loki", records.filter { $0.key != records[5].key })
        try await journal?.close()
        journal = nil
        let next = try await fixture.open()
        let held = try #require(await next.quarantined().first)
        #expect(held.id == records[5].record.id && held.at == records[5].record.entry.at)
        try await next.retry([held.name])
        let again = try await next.next("loki")
        #expect(again.map(\.record) == [records[5].record])
        try await next.settle("loki", again)
        #expect(await next.line("loki")?.sent == 600)
        let verification = try await next.verify()
        #expect(verification.isSound)
    }

    @Test("are lost together where a bit is flipped, are counted, and leave the others alone")
    func damage() async throws {
        let fixture = try self.fixture()
        let journal = try await self.journal(fixture)
        let segment = await journal.core.lanes[0].index.segments[0]
        try await journal.close()
        let snapshot = try FolderSnapshot(fixture.configuration.folder)
        let name = try #require(snapshot.files.keys.first { Segment.parse($0) != nil })
        let blocks = [0..<256, 256..<512, 512..<600]
        for block in blocks {
            let frame = try #require(segment.slots[block.lowerBound].offset)
            // In the frame, in the seal and in the payload of each.
            for offset in [frame + 2, frame + 13, frame + 20, frame + BlockFrame.size + 1, frame + 400] {
                var damaged = snapshot
                damaged.flip(name, offset, bit: 3)
                var configuration = fixture.configuration
                configuration.folder = fixture.folder.file("damaged")
                try damaged.write(to: configuration.folder)
                let opened = try await Journal(configuration, sealer: TestOperationsSealer())
                let place = Comment(rawValue: "byte \(offset - frame) of block \(block)")
                #expect(opened.findings.guessedKinds == 0, place)
                #expect(opened.findings.damagedRecords == block.count, place)
                let records = try await opened.next("loki")
                let left = Self.texts.indices.filter { !block.contains($0) }.map { Self.texts[$0] }
                #expect(records.map(\.text) == left, place)
                try await opened.settle("loki", records)
                let line = try #require(await opened.line("loki"))
                #expect(line.isBalanced && line.queued == 0, place)
                #expect(line.produced == 600 && line.quarantined == UInt64(block.count), place)
                try await opened.close()
            }
        }
    }
}
