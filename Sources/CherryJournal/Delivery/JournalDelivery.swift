/// Brings what the journal keeps to its destinations, each at its own pace.
public struct JournalDelivery: Sendable {
    /// How long one attempt may take before it is cancelled.
    public static let attemptLimit: Duration = .seconds(60)
    /// Settled records that may be lost from the account by a crash, and are sent again then.
    private static let uncommittedLimit = 4096

    private let journal: Journal
    private let destinations: [any JournalDestination]
    private let chance: @Sendable () -> Double

    /// Prepares delivery.
    ///
    /// - Parameter chance: a number between 0 and 1, for how long to wait after a failure.
    public init(
        _ journal: Journal,
        to destinations: [any JournalDestination],
        chance: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.journal = journal
        self.destinations = destinations
        self.chance = chance
    }

    /// Registers the destinations, removes those that are there no more, then delivers until the task is cancelled. What
    /// was enqueued and how far delivery has come is written down at the end.
    ///
    /// Without a destination for a kind, records of that kind are not written; so whoever appends waits for this to have
    /// begun, or registers first.
    ///
    /// - Throws: `JournalError` when a destination cannot be registered.
    public func run() async throws {
        try await self.journal.register(self.destinations)
        // What an earlier delivery was handed out and had not settled when it ended is handed out again.
        for destination in self.destinations { try await self.journal.core.rewind(destination.name) }
        await withDiscardingTaskGroup { group in
            for destination in self.destinations {
                group.addTask { await self.serve(destination) }
            }
            group.addTask { await self.journal.runWriting() }
            group.addTask { await self.runCommitting() }
        }
        try await self.journal.commit()
    }

    /// Writes down what was settled, again and again: all that is settled while the disk is busy goes together.
    private func runCommitting() async {
        let changed = self.journal.core.changed
        var backoff = DeliveryBackoff()
        var seen: UInt64 = 0
        while !Task.isCancelled {
            await changed.wait(after: seen)
            seen = changed.version
            do {
                try await self.journal.commit()
                backoff.succeed()
            } catch {
                await self.pause(backoff.fail(self.chance()))
                seen = 0
            }
        }
    }

    private func pause(_ duration: Duration) async {
        // Ended early only by cancellation, which the loops look for.
        try? await self.journal.configuration.clock.sleep(for: duration)
    }

    private func serve(_ destination: any JournalDestination) async {
        let core = self.journal.core
        let elapsed = Self.stopwatch(self.journal.configuration.clock)
        var machine = DeliveryStateMachine(limits: destination.limits)
        var backoff = DeliveryBackoff()
        var uncommitted = 0
        // Handed out and not yet sent.
        var next: [QueuedRecord] = []
        while !Task.isCancelled {
            do {
                let appended = core.appended.version
                let batch: [QueuedRecord]
                switch machine.plan(at: elapsed()) {
                case .wait(let until), .stuck(let until):
                    await self.pause(max(.milliseconds(1), until - elapsed()))
                    continue
                case .attempt(let held, let room):
                    guard let room else {
                        batch = held
                        break
                    }
                    if next.isEmpty { next = try await core.next(destination.name, room) }
                    (batch, next) = (next, [])
                    if batch.isEmpty {
                        let due = machine.nextDue.map { max(.milliseconds(1), $0 - elapsed()) }
                        let clock = self.journal.configuration.clock
                        await core.appended.wait(after: appended, atMost: due, clock: clock)
                        continue
                    }
                }
                let delivery = await self.attempt(batch, destination)
                let settlements = machine.finish(batch, delivery, at: elapsed(), chance: self.chance())
                let room = next.isEmpty ? machine.room(at: elapsed()) : nil
                let (open, more) = try await core.settle(destination.name, settlements, thenNext: room)
                next += more
                machine.putBack(batch.filter { open.contains($0.key) }, at: elapsed(), chance: self.chance())
                uncommitted += settlements.count
                if uncommitted >= Self.uncommittedLimit {
                    try await core.commit()
                    uncommitted = 0
                }
                backoff.succeed()
            } catch {
                // The disk: whoever appends is told, and here there is nothing to do but to wait.
                await self.pause(backoff.fail(self.chance()))
            }
        }
    }

    /// Sends, and cancels what takes too long. What it says in the end holds, however late.
    private func attempt(_ batch: [QueuedRecord], _ destination: any JournalDestination) async -> Delivery {
        let clock = self.journal.configuration.clock
        return await withTaskGroup(of: Delivery?.self) { group in
            group.addTask { await destination.deliver(batch.map(\.record)) }
            group.addTask {
                // Ended early only by the cancellation below or by the caller's.
                try? await clock.sleep(for: Self.attemptLimit)
                return nil
            }
            var delivery: Delivery?
            while let result = await group.next() {
                group.cancelAll()
                if let result { delivery = result }
            }
            return delivery ?? Delivery([])
        }
    }

    private static func stopwatch<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
