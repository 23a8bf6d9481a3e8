import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryJournal

@Suite("Journal beside its model")
struct ModelTests {
    /// One long life of a journal: it does at random what a server does to it, and is killed now and then.
    private struct Life {
        static let names = ["loki", "sentry", "fluentd"]

        let fixture: JournalFixture
        var journal: Journal?
        var model = JournalModel()
        var generator: SplitMix64
        var kinds: [String: JournalKind] = [:]
        var ids: [String: String] = [:]
        var generation: UInt64 = 0
        var crashes = 0

        init(seed: UInt64) async throws {
            self.fixture = try JournalFixture { $0.sizeLimit = 64 << 20 }
            self.generator = SplitMix64(seed: seed)
            try await self.open()
        }

        mutating func open() async throws {
            let journal = try await self.fixture.open()
            self.journal = journal
            self.generation = await journal.core.state.generation
            self.model.commit()
        }

        mutating func step() async throws {
            let choice = Int.random(in: 0..<100, using: &self.generator)
            if choice >= 96 { return try await self.crash() }
            guard let journal else { return }
            let name = Self.names.randomElement(using: &self.generator) ?? ""
            switch choice {
            case 0..<45: try await self.append(journal)
            case 45..<80: try await self.deliver(journal, name)
            case 80..<86: try await journal.commit()
            case 86..<90: try await self.register(journal, name)
            case 90..<93: try await self.revisit(journal, retry: true)
            case 93..<95: try await self.revisit(journal, retry: false)
            default: try await journal.core.commit(force: true)
            }
            let generation = await journal.core.state.generation
            if generation != self.generation { self.model.commit() }
            self.generation = generation
        }

        private mutating func append(_ journal: Journal) async throws {
            var entries: [JournalEntry] = []
            for _ in 0..<Int.random(in: 1...12, using: &self.generator) {
                let kind = JournalKind.allCases.randomElement(using: &self.generator) ?? .log
                let length = Int.random(in: 0...700, using: &self.generator)
                let text = "\(self.kinds.count) " + String(repeating: "x", count: length)
                self.kinds[text] = kind
                entries.append(JournalFixture.entry(text, kind))
            }
            try await journal.append(entries)
            for entry in entries { self.model.append(String(decoding: entry.payload, as: UTF8.self), entry.kind) }
        }

        private mutating func deliver(_ journal: Journal, _ name: String) async throws {
            guard self.model.destinations[name] != nil else { return }
            if Int.random(in: 0..<4, using: &self.generator) == 0 { try await journal.core.rewind(name) }
            let count = Int.random(in: 1...30, using: &self.generator)
            for record in try await journal.next(name, count) {
                #expect(self.model.texts(name, .queued).contains(record.text))
                #expect(self.ids[record.text] == nil || self.ids[record.text] == record.record.id)
                self.ids[record.text] = record.record.id
                switch Int.random(in: 0..<20, using: &self.generator) {
                case 0:
                    try await journal.settle(name, [record], .quarantined(reason: "http_400"))
                    self.model.settle(name, record.text, .quarantined)
                case 1:
                    try await journal.settle(name, [record], .dropped(reason: "http_429"))
                    self.model.settle(name, record.text, .dropped("http_429"))
                case 2: break
                default:
                    try await journal.settle(name, [record])
                    self.model.settle(name, record.text, .sent)
                }
            }
        }

        private mutating func register(_ journal: Journal, _ name: String) async throws {
            let kinds = Set(JournalKind.allCases.filter { _ in Bool.random(using: &self.generator) })
            try await journal.register(name, kinds: kinds)
            self.model.register(name, kinds) { self.kinds[$0] ?? .log }
        }

        private mutating func revisit(_ journal: Journal, retry: Bool) async throws {
            guard let record = await journal.quarantined().randomElement(using: &self.generator) else { return }
            let text = try #require(self.ids.first { $0.value == record.id }?.key)
            if retry {
                try await journal.retry([record.name])
                self.model.settle(record.destination, text, .queued)
            } else {
                try await journal.discard([record.name])
                self.model.settle(record.destination, text, .dropped("discarded"))
            }
        }

        private mutating func crash() async throws {
            self.journal = nil
            self.model.crash()
            self.crashes += 1
            if Bool.random(using: &self.generator) { try self.tear() }
            try await self.open()
        }

        /// Leaves a part of a record behind the last one, as a write does that power was lost in.
        private mutating func tear() throws {
            let names = try JournalFile.names(in: self.fixture.configuration.folder).filter { Segment.parse($0) != nil }
            guard let name = names.last, let lane = Segment.parse(name)?.lane else { return }
            let file = try JournalFile(self.fixture.url(name).path, flags: O_RDWR)
            let bytes = try file.read(try file.size, at: 0)
            guard let last = bytes.lastIndex(where: { $0 != 0 }) else { return }
            let scan = bytes.withUnsafeBytes { SegmentScan($0, lane: lane, first: nil, until: nil) }
            guard scan.slots.count > 0, scan.end == last + 1, let first = scan.first else { return }
            let position = first + UInt64(scan.slots.count)
            var frame: [UInt8] = []
            BlockFrame(
                kind: lane.likeliestKind,
                count: Int.random(in: 1...Block.recordLimit, using: &self.generator),
                position: position,
                at: 0,
                trail: .init(),
                length: 200,
                checksum: 7
            ).append(to: &frame)
            frame += (0..<100).map { UInt8($0) }
            let length = Int.random(in: 1...frame.count, using: &self.generator)
            try file.write(Array(frame.prefix(length)), at: scan.end)
        }

        func check() async throws {
            let journal = try #require(self.journal)
            for name in Self.names where self.model.destinations[name] != nil {
                let line = await journal.line(name)
                #expect(line == self.model.ledger(name))
                #expect(line?.isBalanced == true)
            }
        }
    }

    @Test("does the same over a thousand steps with crashes", arguments: 0..<6)
    func lives(number: Int) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("Seed of life \(number): \(seed)")
        var life = try await Life(seed: seed)
        for _ in 0..<1000 {
            try await life.step()
            try await life.check()
        }
        let journal = try #require(life.journal)
        let verification = try await journal.verify()
        #expect(verification.isSound, "seed \(seed)")
        #expect(life.crashes > 5)
        for name in Life.names where life.model.destinations[name] != nil {
            try await journal.core.rewind(name)
            var rest: Set<String> = []
            while case let records = try await journal.next(name), !records.isEmpty {
                #expect(rest.isDisjoint(with: records.map(\.text)))
                rest.formUnion(records.map(\.text))
            }
            #expect(rest == life.model.texts(name, .queued), "seed \(seed)")
        }
    }
}
