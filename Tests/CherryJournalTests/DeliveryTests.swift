import CherryCore
import CherryTesting
import Testing

@testable import CherryJournal

/// Destinations of every bad habit, beside one of none: each record gets to whoever takes it, and the ledger adds up.
@Suite("Delivery to destinations that misbehave")
struct DeliveryTests {
    private let fixture: JournalFixture
    private let texts = (0..<40).map { "record \($0)" }

    init() throws {
        self.fixture = try JournalFixture { $0.clock = ImpatientClock() }
    }

    /// Appends records, delivers, and ends once the destinations in `finished` have nothing queued.
    private func deliver(
        to destinations: [ScriptedDestination],
        finished: [String],
        appending texts: [String]? = nil
    ) async throws -> Journal {
        let journal = try await self.fixture.open()
        try await journal.register(destinations)
        try await journal.append((texts ?? self.texts).map { JournalFixture.entry($0) })
        try await self.deliver(journal, to: destinations, finished: finished)
        return journal
    }

    private func deliver(
        _ journal: Journal,
        to destinations: [ScriptedDestination],
        finished: [String]
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await JournalDelivery(journal, to: destinations).run() }
            group.addTask {
                while !Task.isCancelled {
                    let version = journal.core.changed.version
                    let left = await journal.ledger().filter { finished.contains($0.destination) && $0.queued > 0 }
                    if left.isEmpty { return }
                    await journal.core.changed.wait(after: version)
                }
            }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
        let ledger = await journal.ledger()
        #expect(ledger.allSatisfy { $0.isBalanced })
        let verification = try await journal.verify()
        #expect(verification.isSound)
    }

    @Test("One that hangs, and one that always refuses, keep nobody else waiting")
    func hangs() async throws {
        let good = ScriptedDestination("good")
        let hanging = ScriptedDestination("hanging") { _, _ in
            // Ended by the cancellation that this is about.
            try? await ContinuousClock().sleep(for: .seconds(3600))
            return Delivery([])
        }
        let refusing = ScriptedDestination("refusing") { records, _ in
            Delivery(records.map { _ in .retry(reason: "refused") })
        }
        let journal = try await self.deliver(to: [hanging, refusing, good], finished: ["good"])
        #expect(good.taken == self.texts)
        for name in ["hanging", "refusing"] {
            let line = try #require(await journal.line(name))
            #expect(line.queued == 40 && line.sent == 0)
        }
    }

    @Test("What a delivery was handed out and could not send when it ended, the next one in the same process sends")
    func again() async throws {
        let tried = Signal()
        let away = ScriptedDestination("loki") { records, _ in
            tried.raise()
            return Delivery(records.map { _ in .retry(reason: "refused") })
        }
        let journal = try await self.fixture.open()
        try await journal.register([away])
        try await journal.append(self.texts.map { JournalFixture.entry($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await JournalDelivery(journal, to: [away]).run() }
            await tried.wait(after: 0)
            group.cancelAll()
            try await group.waitForAll()
        }
        let back = ScriptedDestination("loki")
        try await self.deliver(journal, to: [back], finished: ["loki"])
        #expect(back.taken == self.texts)
    }

    @Test("One that answers only after the attempt was given up is believed")
    func late() async throws {
        let late = ScriptedDestination("late") { records, _ in
            // Ended by the cancellation that this is about.
            try? await ContinuousClock().sleep(for: .seconds(3600))
            return Delivery(records.map { _ in .sent })
        }
        let journal = try await self.deliver(to: [late], finished: ["late"])
        #expect(late.taken == self.texts)
        #expect(await journal.line("late")?.sent == 40)
    }

    @Test("One that fails five times and then works gets everything once")
    func recovers() async throws {
        let weak = ScriptedDestination("weak") { records, attempt in
            Delivery(records.map { _ in attempt <= 5 ? .retry(reason: "http_500") : .sent })
        }
        _ = try await self.deliver(to: [weak], finished: ["weak"])
        #expect(weak.taken.sorted() == self.texts.sorted())
    }

    @Test("One that takes a part of each batch is sent only the rest again")
    func partial() async throws {
        let partial = ScriptedDestination("partial") { records, attempt in
            Delivery(
                records.enumerated().map { number, _ in
                    (number + attempt) % 3 == 0 && records.count > 1 ? .retry(reason: "http_429") : .sent
                }
            )
        }
        let journal = try await self.deliver(to: [partial], finished: ["partial"])
        #expect(partial.taken.count == 40 && Set(partial.taken) == Set(self.texts))
        #expect(await journal.line("partial")?.sent == 40)
    }

    @Test("One that takes no more than two at once is sent two at once")
    func tooLarge() async throws {
        let small = ScriptedDestination("small") { records, _ in
            Delivery(records.map { _ in records.count > 2 ? .retry(reason: "http_413") : .sent })
        }
        _ = try await self.deliver(to: [small], finished: ["small"])
        #expect(small.taken.sorted() == self.texts.sorted())
    }

    @Test("What one refuses for good is put into quarantine, the rest passes, and it can be sent again later")
    func quarantines() async throws {
        let strict = ScriptedDestination("strict") { records, _ in
            Delivery(
                records.map { record in
                    String(decoding: record.entry.payload, as: UTF8.self) == "record 7"
                        ? .quarantine(reason: "http_400") : .sent
                }
            )
        }
        let journal = try await self.deliver(to: [strict], finished: ["strict"])
        #expect(strict.taken == self.texts.filter { $0 != "record 7" })
        let held = await journal.quarantined()
        #expect(held.map(\.reason) == ["http_400"] && held.map(\.destination) == ["strict"])
        #expect(held.first?.at == Timestamp(milliseconds: 1_700_000_000_000))
        try await journal.retry(held.map(\.name))
        #expect(await journal.line("strict")?.queued == 1)
        let lenient = ScriptedDestination("strict")
        try await self.deliver(journal, to: [lenient], finished: ["strict"])
        #expect(lenient.taken == ["record 7"])
        #expect(await journal.quarantined().isEmpty)
        #expect(await journal.line("strict")?.sent == 40)
    }

    @Test("What one wants thrown away is counted by its reason")
    func drops() async throws {
        let busy = ScriptedDestination("busy") { records, attempt in
            Delivery(records.map { _ in attempt == 1 ? .drop(reason: "http_429") : .sent }, pause: .seconds(60))
        }
        let journal = try await self.deliver(to: [busy], finished: ["busy"])
        #expect(await journal.line("busy")?.dropped == ["http_429": 10])
        #expect(busy.taken == Array(self.texts.dropFirst(10)))
    }

    @Test("One that answers for fewer or more records than it was sent is asked again for those it left out")
    func oddAnswers() async throws {
        let odd = ScriptedDestination("odd") { records, attempt in
            let count = attempt % 2 == 0 ? records.count + 3 : (records.count + 1) / 2
            return Delivery((0..<count).map { _ in .sent })
        }
        _ = try await self.deliver(to: [odd], finished: ["odd"])
        #expect(odd.taken.sorted() == self.texts.sorted())
    }

    @Test("A record that makes its whole batch fail ends up in quarantine while new ones pass")
    func poison() async throws {
        let journal = try await self.fixture.open()
        let spoilt = ScriptedDestination("spoilt") { records, _ in
            let isSpoilt = records.contains { String(decoding: $0.entry.payload, as: UTF8.self) == "record 5" }
            return Delivery(records.map { _ in isSpoilt ? .retry(reason: "http_500") : .sent })
        }
        try await journal.register([spoilt])
        try await journal.append(self.texts.map { JournalFixture.entry($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await JournalDelivery(journal, to: [spoilt]).run() }
            var count = 0
            while await journal.line("spoilt")?.quarantined == 0
                || !Set(spoilt.taken).isSuperset(of: self.texts.filter { $0 != "record 5" })
            {
                let version = journal.core.changed.version
                try await journal.append([JournalFixture.entry("later \(count)")])
                count += 1
                await journal.core.changed.wait(after: version)
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(Set(spoilt.taken).isSuperset(of: self.texts.filter { $0 != "record 5" }))
        #expect(await journal.quarantined().map(\.reason) == [DeliveryStateMachine.exhausted])
    }

    @Test("Enqueued entries are written together and delivered; what memory has no room for is counted")
    func enqueued() async throws {
        self.fixture.configuration.memoryLimit = 2000
        let good = ScriptedDestination("good")
        let journal = try await self.fixture.open()
        try await journal.register([good])
        for number in 0..<100 { journal.enqueue(JournalFixture.entry("line \(number)")) }
        journal.enqueue(JournalFixture.entry("unheard", .event))
        try await journal.flush()
        let line = try #require(await journal.line("good"))
        #expect(line.produced == 100 && line.dropped["memory"] == 100 - line.queued && line.queued > 20)
        try await self.deliver(journal, to: [good], finished: ["good"])
        #expect(good.taken == (0..<Int(line.queued)).map { "line \($0)" })
    }
}
