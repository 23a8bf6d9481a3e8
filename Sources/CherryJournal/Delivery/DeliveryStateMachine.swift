/// Decides what a destination is sent next, and what becomes of what it was sent. Pure: it is told the time and the dice.
///
/// Records that the destination did not take wait here and go first, in their order. A batch of which nothing was taken
/// is halved, so that what spoils it ends up alone; a record that failed alone is a suspect, and goes alone from then on
/// while others pass it. One that fails again and again while others are taken is put into quarantine.
struct DeliveryStateMachine: Sendable {
    /// Failures of one record, between which others were taken, before it is put aside.
    static let failureLimit = 8
    /// Records that may wait here beside a full batch before nothing new is taken on.
    static let suspectLimit = 64
    static let exhausted = "retries_exhausted"
    static let unanswered = "no_outcome"

    enum Plan: Sendable, Equatable {
        /// Nothing may be sent before then.
        case wait(until: Duration)
        /// These, or, with room, as many new ones.
        case attempt([QueuedRecord], room: DeliveryLimits?)
        /// Nothing to send again before `until`, and no more new ones can be taken on.
        case stuck(until: Duration)
    }

    private struct Waiting: Sendable {
        let record: QueuedRecord
        /// Failures between which others were taken.
        var failures = 0
        /// Failed alone, or while others of its batch were taken.
        var isSuspect = false
        /// How many had been taken when it failed last.
        var takenBefore = 0
        var due: Duration
    }

    private let limits: DeliveryLimits
    private var width: Int
    private var backoff = DeliveryBackoff()
    private var notBefore: Duration = .zero
    private var taken = 0
    private var waiting: [RecordKey: Waiting] = [:]

    init(limits: DeliveryLimits) {
        self.limits = DeliveryLimits(records: max(1, limits.records), bytes: max(1, limits.bytes))
        self.width = self.limits.records
    }

    /// The moment at which something that waits is due.
    var nextDue: Duration? { self.waiting.values.map { max($0.due, self.notBefore) }.min() }

    func plan(at now: Duration) -> Plan {
        if now < self.notBefore { return .wait(until: self.notBefore) }
        let due = self.waiting.values.filter { $0.due <= now }.sorted { $0.record.key < $1.record.key }
        let ordinary = due.filter { !$0.isSuspect }
        if ordinary.isEmpty, let suspect = due.first { return .attempt([suspect.record], room: nil) }
        var batch: [QueuedRecord] = []
        var bytes = 0
        for waiting in ordinary.prefix(self.width) {
            guard batch.isEmpty || bytes + waiting.record.size <= self.limits.bytes else { break }
            batch.append(waiting.record)
            bytes += waiting.record.size
        }
        if !batch.isEmpty { return .attempt(batch, room: nil) }
        guard self.waiting.count < self.limits.records + Self.suspectLimit else {
            return .stuck(until: self.nextDue ?? now)
        }
        return .attempt([], room: DeliveryLimits(records: self.width, bytes: self.limits.bytes))
    }

    /// How many new records could be sent now; `nil` when it is not their turn.
    func room(at now: Duration) -> DeliveryLimits? {
        guard case .attempt(_, let room?) = self.plan(at: now) else { return nil }
        return room
    }

    /// Takes in what came of an attempt.
    ///
    /// - Returns: what is settled.
    mutating func finish(
        _ batch: [QueuedRecord],
        _ delivery: Delivery,
        at now: Duration,
        chance: Double
    ) -> [Settlement] {
        var settlements: [Settlement] = []
        var failed: [QueuedRecord] = []
        for (number, record) in batch.enumerated() {
            let outcome =
                number < delivery.outcomes.count
                ? delivery.outcomes[number] : .retry(reason: Self.unanswered)
            switch outcome {
            case .sent: settlements.append(Settlement(key: record.key, fate: .sent))
            case .quarantine(let reason):
                settlements.append(Settlement(key: record.key, fate: .quarantined(reason: reason)))
            case .drop(let reason): settlements.append(Settlement(key: record.key, fate: .dropped(reason: reason)))
            case .retry: failed.append(record)
            }
        }
        if !self.waiting.isEmpty {
            for settlement in settlements { self.waiting[settlement.key] = nil }
        }
        if settlements.isEmpty {
            settlements = self.failWhole(batch, at: now, chance: chance)
        } else {
            self.succeed(settlements.count, at: now)
            settlements += self.failPart(failed, at: now, chance: chance)
        }
        if let pause = delivery.pause { self.notBefore = max(self.notBefore, now + pause) }
        return settlements
    }

    /// Takes records back that could not be settled.
    mutating func putBack(_ records: [QueuedRecord], at now: Duration, chance: Double) {
        for record in records {
            self.waiting[record.key] = Waiting(record: record, due: now + DeliveryBackoff.delay(after: 1, chance))
        }
    }

    private mutating func succeed(_ count: Int, at now: Duration) {
        let wasDown = self.backoff.failures > 0
        self.backoff.succeed()
        self.taken += count
        self.width = min(self.width * 2, self.limits.records)
        guard wasDown else { return }
        // What failed while the destination was away is not to blame for it.
        for key in self.waiting.keys where self.waiting[key]?.failures == 0 {
            self.waiting[key]?.isSuspect = false
            self.waiting[key]?.due = now
        }
    }

    private mutating func failWhole(_ batch: [QueuedRecord], at now: Duration, chance: Double) -> [Settlement] {
        let delay = self.backoff.fail(chance)
        self.width = max(1, batch.count / 2)
        // One record that fails tells nothing of the destination yet; two failures in a row do.
        let isDown = batch.count > 1 || self.backoff.failures > 1
        if isDown { self.notBefore = max(self.notBefore, now + delay) }
        guard batch.count == 1 else {
            for record in batch { self.keep(record, due: now + delay) }
            return []
        }
        let takenBefore = self.waiting[batch[0].key]?.takenBefore ?? self.taken
        return self.blame(batch[0], isAlone: true, counts: self.taken > takenBefore, at: now, chance: chance)
    }

    private mutating func failPart(_ failed: [QueuedRecord], at now: Duration, chance: Double) -> [Settlement] {
        failed.flatMap { self.blame($0, isAlone: false, counts: true, at: now, chance: chance) }
    }

    private mutating func keep(_ record: QueuedRecord, due: Duration) {
        var waiting = self.waiting[record.key] ?? Waiting(record: record, takenBefore: self.taken, due: due)
        waiting.due = due
        self.waiting[record.key] = waiting
    }

    /// Notes that it was this record which failed.
    private mutating func blame(
        _ record: QueuedRecord,
        isAlone: Bool,
        counts: Bool,
        at now: Duration,
        chance: Double
    ) -> [Settlement] {
        var waiting = self.waiting[record.key] ?? Waiting(record: record, due: now)
        if counts { waiting.failures += 1 }
        guard waiting.failures < Self.failureLimit else {
            self.waiting[record.key] = nil
            return [Settlement(key: record.key, fate: .quarantined(reason: Self.exhausted))]
        }
        waiting.isSuspect = waiting.isSuspect || isAlone
        waiting.takenBefore = self.taken
        waiting.due = now + DeliveryBackoff.delay(after: waiting.failures + 1, chance)
        self.waiting[record.key] = waiting
        return []
    }
}
