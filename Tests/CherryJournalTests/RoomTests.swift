import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryJournal

@Suite("Journal without room", .serialized)
struct RoomTests {
    private static func entry(_ number: Int, _ kind: JournalKind = .log) -> JournalEntry {
        JournalFixture.entry("\(number) " + String(repeating: "x", count: 1000), kind)
    }

    /// Appends until it fails.
    private static func fill(_ journal: Journal, _ kind: JournalKind = .log) async -> (count: Int, error: JournalError?)
    {
        for count in 0..<100_000 {
            do {
                try await journal.append([self.entry(count, kind)])
            } catch {
                return (count, error as? JournalError)
            }
        }
        return (0, nil)
    }

    @Test("keeps to its size limit, fails with a clear error, counts what it refused, and goes on when there is room")
    func sizeLimit() async throws {
        let fixture = try JournalFixture { $0.sizeLimit = 128 << 10 }
        let journal = try await fixture.open()
        try await journal.register("loki", kinds: [.log])
        let (count, error) = await Self.fill(journal)
        #expect(error?.code == .full && error?.codeName == "journalFull" && error?.hint != nil)
        #expect(count > 80)
        #expect(await journal.size.bytes <= 128 << 10)
        var line = try #require(await journal.line("loki"))
        #expect(line.produced == UInt64(count + 1) && line.dropped == ["full": 1] && line.isBalanced)
        try await journal.settle("loki", try await journal.next("loki", 60))
        try await journal.append([Self.entry(count)])
        line = try #require(await journal.line("loki"))
        #expect(line.sent == 60 && line.queued == UInt64(count - 59) && line.isBalanced)
        #expect(try await journal.verify().isSound)
    }

    @Test("waits for room before it gives up")
    func backPressure() async throws {
        let fixture = try JournalFixture {
            $0.sizeLimit = 128 << 10
            $0.patience = .zero
        }
        do {
            let journal = try await fixture.open()
            try await journal.register("loki", kinds: [.log])
            _ = await Self.fill(journal)
            try await journal.close()
        }
        fixture.configuration.patience = .seconds(600)
        let journal = try await fixture.open()
        let refused = try #require(await journal.line("loki")?.dropped["full"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for number in 0..<20 { try await journal.append([Self.entry(number)]) } }
            while await journal.line("loki")?.sent ?? 0 < 60 {
                try await journal.settle("loki", try await journal.next("loki", 10))
                try await journal.core.commit(force: true)
                await Task.yield()
            }
            try await group.waitForAll()
        }
        #expect(await journal.line("loki")?.dropped == ["full": refused])
    }

    @Test("throws the oldest debug logs away for anything else, and counts them")
    func debugLogsGoFirst() async throws {
        let fixture = try JournalFixture { $0.sizeLimit = 128 << 10 }
        let journal = try await fixture.open()
        try await journal.register("loki", kinds: [.log, .debugLog])
        try await journal.register("alerts", kinds: [.alert])
        for number in 0..<40 { try await journal.append([Self.entry(number, .debugLog)]) }
        let sent = try await journal.next("loki", 5)
        try await journal.settle("loki", sent)
        for number in 0..<60 { try await journal.append([Self.entry(number, .alert)]) }
        let (more, error) = await Self.fill(journal)
        #expect(error?.code == .full)
        let line = try #require(await journal.line("loki"))
        #expect(line.produced == UInt64(40 + more + 1) && line.isBalanced)
        #expect(line.dropped["full"] == 35 + 1, "every debug log that was not sent, and the one refused")
        #expect(await journal.line("alerts")?.queued == 60)
        #expect(try await journal.next("loki").count == more)
        #expect(try await journal.verify().isSound)
    }

    @Test("makes room among debug logs for newer ones")
    func debugLogsRoll() async throws {
        let fixture = try JournalFixture { $0.sizeLimit = 128 << 10 }
        let journal = try await fixture.open()
        try await journal.register("loki", kinds: [.debugLog])
        for number in 0..<300 { try await journal.append([Self.entry(number, .debugLog)]) }
        let line = try #require(await journal.line("loki"))
        #expect(line.produced == 300 && line.isBalanced && line.queued > 60)
        let left = try await journal.next("loki")
        #expect(left.last?.text.hasPrefix("299 ") == true && left.count == Int(line.queued))
        try await journal.settle("loki", left)
        #expect(await journal.line("loki")?.sent == UInt64(left.count))
    }

    @Test("counts what was dropped on its way as dropped, whatever comes of it")
    func droppedInFlight() async throws {
        let fixture = try JournalFixture { $0.sizeLimit = 128 << 10 }
        let journal = try await fixture.open()
        try await journal.register("loki", kinds: [.debugLog])
        try await journal.append([Self.entry(0, .debugLog)])
        let records = try await journal.next("loki")
        for number in 1..<300 { try await journal.append([Self.entry(number, .debugLog)]) }
        try await journal.settle("loki", records)
        let line = try #require(await journal.line("loki"))
        #expect(line.sent == 0 && line.isBalanced)
    }

    @Test("delivers and acknowledges on a full disk, and takes records again when there is space")
    func fullDisk() async throws {
        try await SmallVolume.with(megabytes: 8) { volume in
            var configuration = JournalConfiguration(folder: volume.path)
            configuration.segmentSize = 64 << 10
            configuration.patience = .zero
            let sealer = TestOperationsSealer()
            var journal: Journal? = try await Journal(configuration, sealer: sealer)
            try await journal?.register("loki", kinds: [.log])
            try await journal?.append([Self.entry(0)])
            try volume.fill(leaving: 0)
            let (count, error) = await Self.fill(try #require(journal))
            #expect(error?.code == .full && count > 20)
            let records = try await journal?.next("loki") ?? []
            #expect(records.count == count + 1)
            try await journal?.settle("loki", Array(records.prefix(10)))
            try await journal?.settle("loki", [records[10]], .quarantined(reason: "http_400"))
            try await journal?.commit()
            journal = nil

            journal = try await Journal(configuration, sealer: sealer)
            let line = try #require(await journal?.line("loki"))
            #expect(line.sent == 10 && line.quarantined == 1 && line.dropped == ["full": 1] && line.isBalanced)
            #expect(line.queued == UInt64(count + 1 - 11))
            try volume.free()
            try await journal?.append([Self.entry(1)])
            #expect(try await journal?.verify().isSound == true)
        }
    }

    @Test("that cannot begin on a full disk says so and leaves nothing in the way")
    func beginsOnFullDisk() async throws {
        try await SmallVolume.with(megabytes: 4) { volume in
            try volume.fill(leaving: 0)
            let configuration = JournalConfiguration(folder: volume.path)
            let sealer = TestOperationsSealer()
            let failure = await #expect(throws: JournalError.self) { try await Journal(configuration, sealer: sealer) }
            #expect(failure?.code == .unavailable)
            try volume.free()
            _ = try await Journal(configuration, sealer: sealer)
        }
    }
}
