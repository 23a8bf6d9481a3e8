import CherryCore
import Testing

@testable import CherryJournal

@Suite("Delivery, decided event by event")
struct DeliveryStateMachineTests {
    private func records(_ positions: Range<UInt64>) -> [QueuedRecord] {
        positions.map { position in
            QueuedRecord(
                key: RecordKey(lane: .essential, position: position),
                record: JournalRecord(number: UInt128(position), entry: JournalFixture.entry("record \(position)"))
            )
        }
    }

    private func machine(_ records: Int = 8) -> DeliveryStateMachine {
        DeliveryStateMachine(limits: DeliveryLimits(records: records, bytes: 1 << 20))
    }

    private let failed = DeliveryOutcome.retry(reason: "http_500")

    @Test("Room for new records is told when it is their turn alone")
    func room() {
        var machine = self.machine()
        #expect(machine.room(at: .zero)?.records == 8)
        let batch = self.records(0..<4)
        _ = machine.finish(batch, Delivery(batch.map { _ in self.failed }), at: .zero, chance: 1)
        #expect(machine.room(at: .zero) == nil)
        #expect(machine.room(at: .seconds(10)) == nil)
    }

    @Test("New records are taken on at once, as many as the destination takes")
    func fresh() {
        #expect(self.machine().plan(at: .zero) == .attempt([], room: DeliveryLimits(records: 8, bytes: 1 << 20)))
    }

    @Test("What was sent is settled and not kept")
    func sent() {
        var machine = self.machine()
        let batch = self.records(0..<3)
        let settled = machine.finish(
            batch,
            Delivery([.sent, .quarantine(reason: "http_400"), .drop(reason: "http_429")]),
            at: .zero,
            chance: 1
        )
        #expect(settled.map(\.fate) == [.sent, .quarantined(reason: "http_400"), .dropped(reason: "http_429")])
        #expect(machine.nextDue == nil)
    }

    @Test("After a partial failure only what failed is sent again, later, and new records pass it")
    func partial() {
        var machine = self.machine()
        let batch = self.records(0..<3)
        let settled = machine.finish(batch, Delivery([.sent, self.failed, .sent]), at: .zero, chance: 1)
        #expect(settled.map(\.key.position) == [0, 2])
        guard case .attempt([], room: .some) = machine.plan(at: .zero) else { Issue.record("new records wait"); return }
        #expect(machine.nextDue == .seconds(2))
        #expect(machine.plan(at: .seconds(2)) == .attempt([batch[1]], room: nil))
    }

    @Test("A batch of which nothing was taken is halved after a pause, in its order")
    func halves() {
        var machine = self.machine()
        let batch = self.records(0..<8)
        let settled = machine.finish(batch, Delivery(batch.map { _ in self.failed }), at: .zero, chance: 1)
        #expect(settled.isEmpty)
        #expect(machine.plan(at: .milliseconds(500)) == .wait(until: .seconds(1)))
        #expect(machine.plan(at: .seconds(1)) == .attempt(Array(batch[0..<4]), room: nil))
    }

    @Test("Pauses double up to five minutes, and a random half of each is waited")
    func backoff() {
        var backoff = DeliveryBackoff()
        #expect(
            (0..<11).map { _ in backoff.fail(1) } == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map { .seconds($0) }
        )
        #expect(backoff.fail(0) == .seconds(150))
        backoff.succeed()
        #expect(backoff.fail(0) == .milliseconds(500))
    }

    @Test("A pause that the destination asks for is kept, even after success")
    func pause() {
        var machine = self.machine()
        _ = machine.finish(self.records(0..<1), Delivery([.sent], pause: .seconds(30)), at: .seconds(5), chance: 0)
        #expect(machine.plan(at: .seconds(34)) == .wait(until: .seconds(35)))
        guard case .attempt = machine.plan(at: .seconds(35)) else { Issue.record("still waiting"); return }
    }

    @Test("Outcomes that are missing mean not yet; too many are passed over")
    func oddOutcomes() {
        var machine = self.machine()
        let batch = self.records(0..<2)
        #expect(machine.finish(batch, Delivery([.sent]), at: .zero, chance: 1).count == 1)
        #expect(machine.nextDue == .seconds(2))
        let more = machine.finish([batch[1]], Delivery([.sent, .sent, .sent]), at: .seconds(2), chance: 1)
        #expect(more.map(\.key) == [batch[1].key])
    }

    @Test("A record that spoils every batch ends up alone, the others pass, and it is put aside in the end")
    func poison() {
        var machine = self.machine()
        var fresh = self.records(0..<40)
        let poison = fresh[3].key
        var sent: [UInt64] = []
        var quarantined: [Settlement] = []
        var now: Duration = .zero
        for _ in 0..<1000 {
            var batch: [QueuedRecord] = []
            switch machine.plan(at: now) {
            case .wait(let until), .stuck(let until): now = until
            case .attempt(let held, nil): batch = held
            case .attempt(_, let room?):
                batch = Array(fresh.prefix(room.records))
                fresh.removeFirst(batch.count)
                if batch.isEmpty { now = machine.nextDue ?? now }
            }
            guard !batch.isEmpty else { continue }
            now += .seconds(1)
            let isSpoilt = batch.contains { $0.key == poison }
            let outcome = isSpoilt ? self.failed : .sent
            let settled = machine.finish(batch, Delivery(batch.map { _ in outcome }), at: now, chance: 1)
            sent += settled.filter { $0.fate == .sent }.map(\.key.position)
            quarantined += settled.filter { $0.fate != .sent }
            // New work keeps coming, or the destination could not be told from one that is away.
            if fresh.isEmpty, quarantined.isEmpty {
                fresh = self.records(UInt64(sent.count + 1)..<UInt64(sent.count + 2))
            }
        }
        #expect(Set(sent).isSuperset(of: (0..<40).filter { $0 != 3 }))
        #expect(Set(sent).count == sent.count)
        #expect(quarantined == [Settlement(key: poison, fate: .quarantined(reason: DeliveryStateMachine.exhausted))])
    }

    @Test("While a destination is away nothing is put aside, however long that is, and all goes out when it is back")
    func outage() {
        var machine = self.machine()
        let batch = self.records(0..<8)
        _ = machine.finish(batch, Delivery(batch.map { _ in self.failed }), at: .zero, chance: 1)
        var now: Duration = .zero
        var attempts = 0
        while now < .seconds(7 * 24 * 3600) {
            switch machine.plan(at: now) {
            case .wait(let until), .stuck(let until): now = until
            case .attempt(let held, nil):
                attempts += 1
                #expect(machine.finish(held, Delivery(held.map { _ in self.failed }), at: now, chance: 1).isEmpty)
            case .attempt(_, .some): now = machine.nextDue ?? now
            }
        }
        #expect(attempts < 3000)
        var sent: Set<UInt64> = []
        for _ in 0..<40 {
            switch machine.plan(at: now) {
            case .wait(let until), .stuck(let until): now = until
            case .attempt(let held, nil):
                sent.formUnion(
                    machine.finish(held, Delivery(held.map { _ in .sent }), at: now, chance: 1).map(\.key.position)
                )
            case .attempt(_, .some): now = machine.nextDue ?? now
            }
        }
        #expect(sent == Set(0..<8))
        #expect(machine.nextDue == nil)
    }
}
