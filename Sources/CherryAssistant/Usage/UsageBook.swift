public import CherryBridge
public import CherryCore
public import CherryStore
public import Logging
public import ServiceLifecycle
import Synchronization

/// Writes down what exchanges took, many to a row and not one by one, and adds it up. Works while `run()` runs.
///
/// What is noted while the vault is locked, or while the disk is full, waits in memory, where it has room for so many;
/// what finds none is dropped and counted.
public final class UsageBook: Sendable, Service {
    /// Exchanges that wait to be written at most.
    public static let waitingLimit = 100_000
    /// How often what waits is written.
    private static let interval = Duration.seconds(1)

    private struct State {
        var waiting: [UsageRecord] = []
        var isWriting = false
        /// Who wants to read what is being written.
        var readers: [CheckedContinuation<Void, Never>] = []
        var dropped = 0

        /// Whether the caller is the one to write.
        mutating func beginWriting() -> Bool {
            defer { self.isWriting = true }
            return !self.isWriting
        }
    }

    private let state = Mutex(State())
    private let shelf: UsageShelf
    private let logger: Logger
    private let reporter: any ErrorReporter

    /// Creates a book over what is stored.
    ///
    /// - Parameter reporter: who is told when the book cannot be written.
    public init(
        store: SealedStore,
        clock: WallClock = .system,
        logger: Logger,
        reporter: any ErrorReporter = NoErrorReporter()
    ) {
        self.shelf = UsageShelf(store: store, clock: clock)
        self.logger = logger
        self.reporter = reporter
    }

    /// Notes an exchange. Never waits.
    public func add(_ record: UsageRecord) {
        self.state.withLock { state in
            guard state.waiting.count < Self.waitingLimit else {
                state.dropped += 1
                return
            }
            state.waiting.append(record)
        }
    }

    /// Exchanges that could not be kept because there was no room.
    public var dropped: Int { self.state.withLock { $0.dropped } }

    public func run() async {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.interval)) != nil {  // cancelled: shutting down
                await self.flush()
            }
        }
        await self.flush()
    }

    /// Writes what waits, and returns when all that was noted before is written. Called before the vault is locked, as
    /// nothing can be written afterwards.
    public func flush() async {
        while !self.state.withLock({ $0.beginWriting() }) {
            await withCheckedContinuation { continuation in
                let isOver = self.state.withLock { state in
                    if state.isWriting { state.readers.append(continuation) }
                    return !state.isWriting
                }
                if isOver { continuation.resume() }
            }
        }
        await self.writeWaiting()
        let readers = self.state.withLock { state in
            defer { state.readers = [] }
            state.isWriting = false
            return state.readers
        }
        for reader in readers { reader.resume() }
    }

    private func writeWaiting() async {
        let records = self.state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        guard !records.isEmpty else { return }
        do {
            try await self.shelf.add(records)
        } catch {
            self.putBack(records)
            if (error as? any CherryError)?.isSealed == true { return }
            self.logger.error(
                "Usage could not be written and waits in memory.",
                metadata: ["error.code": "\((error as? any CherryError)?.codeName ?? "internal")"]
            )
            self.reporter.report(FailureReport(error, at: .work(.recording)))
        }
    }

    /// What tokens have spent this month, for budgets. Called after each unlock.
    public func ledger(at now: Timestamp) async throws -> BudgetLedger {
        await self.flush()
        var ledger = BudgetLedger()
        let first = Timestamp(utcMonth: now.utcMonth).utcDay
        try await self.shelf.forEach(in: first...max(first, now.utcDay)) { block in
            for record in block.records { ledger.add(record) }
        }
        // What waits was counted when it was noted; a new ledger counts it too.
        for record in self.state.withLock({ $0.waiting }) { ledger.add(record) }
        return ledger
    }

    /// Adds up exchanges, by whatever is asked for, in order of day and then of what they cost.
    public func sums(of selection: UsageSelection, by groupings: Set<UsageSum.Grouping>) async throws -> [UsageSum] {
        await self.flush()
        var sums: [UsageSum.Key: UsageSum] = [:]
        try await self.shelf.forEach(in: selection.days) { block in
            for record in block.records where selection.includes(record) {
                let key = UsageSum.Key(record, by: groupings)
                sums[key, default: UsageSum(key: key)].add(record)
            }
        }
        return sums.values.sorted { one, other in
            let (oneDay, otherDay) = (one.key.day ?? 0, other.key.day ?? 0)
            guard oneDay == otherDay else { return oneDay < otherDay }
            guard one.microDollars == other.microDollars else { return one.microDollars > other.microDollars }
            return one.exchanges > other.exchanges
        }
    }

    /// Single exchanges, the newest first.
    ///
    /// - Parameter cursor: only what is older; `nil` begins with the newest.
    public func page(
        of selection: UsageSelection,
        before cursor: UsageCursor?,
        limit: Int
    ) async throws -> UsagePage {
        await self.flush()
        var records: [UsageRecord] = []
        let next = try await self.shelf.walkBack(in: selection.days, before: cursor) { record in
            if selection.includes(record) { records.append(record) }
            return records.count < limit
        }
        return UsagePage(records: records, next: next)
    }

    private func putBack(_ records: [UsageRecord]) {
        self.state.withLock { state in
            let room = max(0, Self.waitingLimit - state.waiting.count)
            // The older ones come first, and of too many the oldest go.
            state.dropped += max(0, records.count - room)
            state.waiting = records.suffix(room) + state.waiting
        }
    }
}
