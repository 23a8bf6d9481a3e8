import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryJournal

/// Every byte of every file damaged in turn. Whatever is hit: the journal opens, the ledger adds up, what can be read is
/// delivered once more at most, and what cannot is counted.
@Suite("Damage")
struct DamageTests {
    /// A journal of two destinations: ten records, of which the first three and the fifth were sent, one is in quarantine,
    /// and the last two came after the state was written.
    private struct Scene {
        static let before: [(String, JournalKind)] = [
            ("zero", .log), ("one", .event), ("two", .log), ("three", .alert), ("four", .log), ("five", .event),
            ("six", .span), ("seven", .log),
        ]
        static let after: [(String, JournalKind)] = [("eight", .event), ("nine", .log)]
        static let all = before + after
        /// Of `loki`, which takes everything but spans.
        static let settled: Set = ["zero", "one", "two", "four", "three"]

        let fixture: JournalFixture
        let snapshot: FolderSnapshot
        let segment: String

        init() async throws {
            self.fixture = try JournalFixture()
            let journal = try await self.fixture.open()
            try await journal.register("loki", kinds: [.log, .event, .alert])
            try await journal.register("sentry", kinds: [.event])
            try await journal.append(Self.before.map { JournalFixture.entry($0.0, $0.1) })
            let records = try await journal.next("loki")
            let sent = records.filter { Self.settled.contains($0.text) && $0.text != "three" }
            try await journal.settle("loki", records.filter { $0.text == "three" }, .quarantined(reason: "http_400"))
            try await journal.commit()
            try await journal.settle("loki", sent)
            try await journal.commit()
            try await journal.append(Self.after.map { JournalFixture.entry($0.0, $0.1) })
            self.snapshot = try FolderSnapshot(self.fixture.configuration.folder)
            self.segment = try #require(self.snapshot.files.keys.first { Segment.parse($0) != nil })
        }

        func open(_ snapshot: FolderSnapshot) async throws -> Journal {
            var configuration = self.fixture.configuration
            configuration.folder = self.fixture.folder.file("damaged")
            try snapshot.write(to: configuration.folder)
            return try await Journal(configuration, sealer: TestOperationsSealer())
        }

        /// What `loki` is handed out, once all is settled and the ledger adds up.
        func deliver(_ journal: Journal, _ where: Comment) async throws -> [String] {
            #expect(await journal.ledger().allSatisfy(\.isBalanced), `where`)
            for name in ["sentry", "loki"] where await journal.line(name) == nil {
                try await journal.register(name, kinds: name == "loki" ? [.log, .event, .alert] : [.event])
            }
            let records = try await journal.next("loki")
            try await journal.settle("loki", records)
            try await journal.settle("sentry", try await journal.next("sentry"))
            try await journal.commit()
            for line in await journal.ledger() { #expect(line.isBalanced && line.queued == 0, `where`) }
            let verification = try await journal.verify()
            #expect(verification.problems.isEmpty, `where`)
            return records.map(\.text)
        }
    }

    @Test("of a segment: any flipped bit costs one record at most, which is counted")
    func flippedSegment() async throws {
        let scene = try await Scene()
        #expect(scene.snapshot.usedOffsets(scene.segment).count > 500)
        for offset in scene.snapshot.usedOffsets(scene.segment) {
            let place = Comment(rawValue: "byte \(offset)")
            var snapshot = scene.snapshot
            snapshot.flip(scene.segment, offset, bit: offset % 8)
            let journal = try await scene.open(snapshot)
            #expect(journal.findings.guessedKinds == 0, place)
            let texts = try await scene.deliver(journal, place)
            let expected = Scene.all.filter { $0.1 != .span && !Scene.settled.contains($0.0) }.map(\.0)
            #expect(Set(texts).isSubset(of: expected) && texts.count >= expected.count - 1, place)
            #expect(texts == expected.filter { texts.contains($0) }, place)
            let line = try #require(await journal.line("loki"))
            let lost = expected.count - texts.count
            // Only the very last record, whose frame is gone, cannot be told from a write that was cut off.
            let isCut = lost == 1 && line.produced == 8
            #expect(line.produced == 9 || isCut, place)
            #expect(line.quarantined == 1 + (isCut ? 0 : UInt64(lost)), place)
            try await journal.close()
        }
    }

    @Test("of a segment: wherever it was cut off, what stands before the cut is there and the rest is counted")
    func truncatedSegment() async throws {
        let scene = try await Scene()
        for size in 0...(try #require(scene.snapshot.usedOffsets(scene.segment).last) + 1) {
            let place = Comment(rawValue: "cut at \(size)")
            var snapshot = scene.snapshot
            snapshot.truncate(scene.segment, to: size)
            let journal = try await scene.open(snapshot)
            let texts = try await scene.deliver(journal, place)
            let expected = Scene.all.filter { $0.1 != .span && !Scene.settled.contains($0.0) }.map(\.0)
            #expect(texts == Array(expected.prefix(texts.count)), place)
            let line = try #require(await journal.line("loki"))
            // The state knew of the first eight records, of which one is not for it.
            #expect((7...9).contains(line.produced), place)
            #expect(line.quarantined == 1 + line.produced - 5 - UInt64(texts.count), place)
            try await journal.close()
        }
    }

    @Test("of the state: any flipped bit leaves the state before it, and nothing is lost")
    func flippedState() async throws {
        let scene = try await Scene()
        #expect(scene.snapshot.usedOffsets("state").count > 500)
        for offset in scene.snapshot.usedOffsets("state") {
            let place = Comment(rawValue: "byte \(offset)")
            var snapshot = scene.snapshot
            snapshot.flip("state", offset, bit: offset % 8)
            let journal = try await scene.open(snapshot)
            #expect(!journal.findings.isRebuilt, place)
            let texts = try await scene.deliver(journal, place)
            #expect(Set(texts).isSuperset(of: ["five", "seven", "eight", "nine"]), place)
            #expect(!texts.contains("three"), place)
            #expect(await journal.line("loki")?.produced == 9, place)
            try await journal.close()
        }
    }

    @Test("of the state: cut off anywhere, at worst all that is there is sent again")
    func truncatedState() async throws {
        let scene = try await Scene()
        let offsets = scene.snapshot.usedOffsets("state")
        for size in [0, 1] + offsets.map({ $0 + 1 }) {
            let place = Comment(rawValue: "cut at \(size)")
            var snapshot = scene.snapshot
            snapshot.truncate("state", to: size)
            let journal = try await scene.open(snapshot)
            let texts = try await scene.deliver(journal, place)
            #expect(Set(texts).isSuperset(of: ["five", "seven", "eight", "nine"]), place)
            if journal.findings.isRebuilt { #expect(texts.count == 9, place) }
            try await journal.close()
        }
    }

    @Test("of the quarantine: any flipped bit costs what lies there at most, which is counted")
    func flippedQuarantine() async throws {
        let scene = try await Scene()
        for offset in scene.snapshot.usedOffsets("quarantine-0") {
            let place = Comment(rawValue: "byte \(offset)")
            var snapshot = scene.snapshot
            snapshot.flip("quarantine-0", offset, bit: offset % 8)
            let journal = try await scene.open(snapshot)
            let texts = try await scene.deliver(journal, place)
            #expect(texts == ["five", "seven", "eight", "nine"], place)
            let line = try #require(await journal.line("loki"))
            #expect(line.quarantined == 0 && line.dropped == ["damaged": 1], place)
            try await journal.close()
        }
    }

    @Test("that takes a whole file away: what is known to have been in it is counted")
    func missingFiles() async throws {
        let scene = try await Scene()
        for name in scene.snapshot.files.keys.sorted() {
            var snapshot = scene.snapshot
            snapshot.remove(name)
            let journal = try await scene.open(snapshot)
            _ = try await scene.deliver(journal, Comment(rawValue: "without \(name)"))
            try await journal.close()
        }
    }
}
