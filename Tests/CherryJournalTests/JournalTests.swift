import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryJournal

@Suite("Journal")
struct JournalTests {
    @Test("gives back what was appended, in order and with the same ids, until it is settled, also after a restart")
    func roundTrip() async throws {
        let fixture = try JournalFixture()
        var ids: [String] = []
        do {
            let journal = try await fixture.open()
            try await journal.register("loki", kinds: [.log, .debugLog])
            try await journal.append(["one", "two", "three"].map { JournalFixture.entry($0) })
            let records = try await journal.next("loki")
            #expect(records.map(\.text) == ["one", "two", "three"])
            ids = records.map(\.record.id)
            #expect(ids.allSatisfy { $0.count == 32 } && Set(ids).count == 3)
            try await journal.settle("loki", [records[0]])
            try await journal.close()
        }
        let journal = try await fixture.open()
        let records = try await journal.next("loki")
        #expect(records.map(\.text) == ["two", "three"])
        #expect(records.map(\.record.id) == Array(ids.dropFirst()))
        let line = try #require(await journal.line("loki"))
        #expect(line.produced == 3 && line.sent == 1 && line.queued == 2 && line.isBalanced)
        #expect(try await journal.verify().isSound)
    }

    @Test("hands a new destination nothing old, and counts for it from then on")
    func newDestination() async throws {
        let fixture = try JournalFixture()
        let journal = try await fixture.open()
        try await journal.register("old", kinds: [.log])
        try await journal.append([JournalFixture.entry("before")])
        try await journal.register("new", kinds: [.log, .event])
        try await journal.append([JournalFixture.entry("after"), JournalFixture.entry("error", .event)])
        #expect(try await journal.next("new").map(\.text) == ["after", "error"])
        #expect(try await journal.next("old").map(\.text) == ["before", "after"])
        #expect(await journal.line("new")?.produced == 2)
        #expect(await journal.line("old")?.produced == 2)
    }

    @Test("drops what a removed destination had not got, and goes on counting when it comes back")
    func removedDestination() async throws {
        let fixture = try JournalFixture()
        let journal = try await fixture.open()
        try await journal.register("loki", kinds: [.log, .event])
        try await journal.append([JournalFixture.entry("sent"), JournalFixture.entry("left")])
        let records = try await journal.next("loki")
        try await journal.settle("loki", [records[0]])
        try await journal.remove("loki")
        var line = try #require(await journal.line("loki"))
        #expect(line.isRemoved && line.produced == 2 && line.dropped == ["removed": 1] && line.isBalanced)
        try await journal.append([JournalFixture.entry("unheard")])
        try await journal.register("loki", kinds: [.log])
        try await journal.append([JournalFixture.entry("heard")])
        #expect(try await journal.next("loki").map(\.text) == ["heard"])
        line = try #require(await journal.line("loki"))
        #expect(line.produced == 3 && line.queued == 1 && line.isBalanced && !line.isRemoved)
        #expect(try await journal.verify().isSound)
    }

    @Test("writes nothing for kinds that nobody takes")
    func unwanted() async throws {
        let fixture = try JournalFixture()
        let journal = try await fixture.open()
        try await journal.append([JournalFixture.entry("unheard")])
        #expect(try fixture.files().keys.allSatisfy { Segment.parse($0) == nil })
    }

    @Test("removes a segment once both states on disk say that nobody needs it")
    func removesSegments() async throws {
        let fixture = try JournalFixture()
        let journal = try await fixture.open()
        try await journal.register("loki", kinds: [.log])
        for number in 0..<40 {
            try await journal.append([JournalFixture.entry(String(repeating: "x", count: 1000 + number))])
        }
        #expect(try fixture.files().keys.count { Segment.parse($0) != nil } == 3)
        try await journal.settle("loki", try await journal.next("loki"))
        try await journal.commit()
        #expect(try fixture.files().keys.count { Segment.parse($0) != nil } == 3)
        try await journal.core.commit(force: true)
        #expect(try fixture.files().keys.count { Segment.parse($0) != nil } == 1)
        #expect(await journal.line("loki")?.sent == 40)
        #expect(try await journal.verify().isSound)
    }

    @Test("shares one write between appends that wait together")
    func groups() async throws {
        let fixture = try JournalFixture()
        let journal = try await fixture.open()
        try await journal.register("loki", kinds: [.log])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask { try await journal.append([JournalFixture.entry("entry \(number)")]) }
            }
            try await group.waitForAll()
        }
        #expect(Set(try await journal.next("loki").map(\.text)) == Set((0..<200).map { "entry \($0)" }))
    }

    @Test("lets one process in at a time")
    func locked() async throws {
        let fixture = try JournalFixture()
        let journal = try await fixture.open()
        let failure = await #expect(throws: JournalError.self) { try await fixture.open() }
        #expect(failure?.code == .inUse)
        try await journal.close()
    }

    @Test("does not open under another key, and leaves everything as it is")
    func otherKey() async throws {
        let fixture = try JournalFixture()
        do {
            let journal = try await fixture.open()
            try await journal.register("loki", kinds: [.log])
            try await journal.append([JournalFixture.entry("kept")])
            try await journal.close()
        }
        let before = try fixture.files()
        let failure = await #expect(throws: JournalError.self) {
            try await Journal(fixture.configuration, sealer: TestOperationsSealer(key: 2))
        }
        #expect(failure?.code == .wrongKey)
        #expect(try fixture.files() == before)
        #expect(try await fixture.open().next("loki").map(\.text) == ["kept"])
    }

    @Test("holds nothing readable on disk and lets nobody else read it")
    func sealedOnDisk() async throws {
        let fixture = try JournalFixture()
        let journal = try await fixture.open()
        try await journal.register("loki", kinds: [.log])
        try await journal.append([JournalFixture.entry("a readable word")])
        try await journal.settle("loki", try await journal.next("loki"), .quarantined(reason: "http_400"))
        try await journal.close()
        for (name, bytes) in try fixture.files() {
            #expect(Data(bytes).range(of: Data("readable".utf8)) == nil, "\(name)")
            var attributes = stat()
            #expect(stat(fixture.url(name).path, &attributes) == 0 && attributes.st_mode & 0o777 == 0o600)
        }
    }

    @Test("refuses names that are none", arguments: ["", "Loki", "lo ki", String(repeating: "a", count: 33), "lökî"])
    func names(name: String) async throws {
        let fixture = try JournalFixture()
        let journal = try await fixture.open()
        let failure = await #expect(throws: JournalError.self) { try await journal.register(name, kinds: [.log]) }
        #expect(failure?.code == .invalidName)
    }

    @Test("refuses what is too large, counts it, and keeps the rest")
    func tooLarge() async throws {
        let fixture = try JournalFixture()
        let journal = try await fixture.open()
        try await journal.register("loki", kinds: [.log])
        let failure = await #expect(throws: JournalError.self) {
            try await journal.append([
                JournalFixture.entry("small"), JournalFixture.entry(String(repeating: "x", count: 20_000)),
            ])
        }
        #expect(failure?.code == .tooLarge)
        let line = try #require(await journal.line("loki"))
        #expect(line.produced == 2 && line.queued == 1 && line.dropped == ["too_large": 1] && line.isBalanced)
    }
}
