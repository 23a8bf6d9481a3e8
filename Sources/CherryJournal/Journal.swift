public import CherryCore
import Synchronization

/// The one durable queue for everything that must reach someone else.
///
/// What `append` returned for is on the disk and stays until every destination that takes its kind has it, has refused it
/// for good, or the policy dropped it; each of these is counted, and the counts add up to what was produced after any
/// crash. What `enqueue` took is on the disk a moment later.
public final class Journal: Sendable {
    let core: JournalCore
    let configuration: JournalConfiguration
    private let buffer: MemoryBuffer
    /// What was found when the journal was opened.
    public let findings: JournalFindings

    /// Opens a journal, or begins one, and mends what a crash left behind. Blocks while it reads the folder.
    ///
    /// - Throws: `JournalError`: `.inUse`, `.unavailable`, `.wrongKey`, `.tooNew`.
    public init(_ configuration: JournalConfiguration, sealer: any OperationsSealer) async throws {
        self.configuration = configuration
        self.core = try JournalCore(configuration, sealer: sealer)
        self.findings = self.core.findings
        self.buffer = MemoryBuffer(limit: configuration.memoryLimit)
        try await self.core.commit(force: true)
    }

    /// Lets a destination have what is produced from now on. Called with the same name after a restart, it goes on where it
    /// was; what is left of kinds that it no longer takes is dropped as `removed`.
    ///
    /// - Throws: `JournalError`: `.invalidName`, `.tooManyDestinations`, `.unavailable`.
    public func register(_ name: String, kinds: Set<JournalKind>) async throws {
        try await self.core.register(name, kinds)
    }

    /// Registers all of these, and removes those that are not among them.
    ///
    /// - Throws: as `register(_:kinds:)` does.
    public func register(_ destinations: [any JournalDestination]) async throws {
        let names = Set(destinations.map(\.name))
        for line in await self.ledger() where !line.isRemoved && !names.contains(line.destination) {
            try await self.remove(line.destination)
        }
        for destination in destinations { try await self.register(destination.name, kinds: destination.kinds) }
    }

    /// Lets a destination have nothing more. What it had not got is dropped as `removed`; its figures are kept.
    public func remove(_ name: String) async throws { try await self.core.remove(name) }

    /// Returns when the disk has all of `entries`. Those of a kind that no destination takes are not written.
    ///
    /// Entries that were appended at the same time share a write and a synchronization. When there is no room it waits, at
    /// most the configured patience, then throws away the oldest debug logs, then fails.
    ///
    /// - Throws: `JournalError`: `.full`, `.tooLarge`, `.unavailable`, `.closed`. Some of `entries` may have been kept; the
    ///   others are counted as produced and dropped.
    public func append(_ entries: [JournalEntry]) async throws {
        let entries = entries.filter { self.core.wanted.contains($0.kind) }
        for part in self.parts(entries) { try await self.append(part: part) }
    }

    /// Entries of one lane that fit into one segment together.
    private func parts(_ entries: [JournalEntry]) -> [[JournalEntry]] {
        JournalLane.allCases.flatMap { lane in self.parts(ofLane: entries.filter { $0.kind.lane == lane }) }
    }

    private func parts(ofLane entries: [JournalEntry]) -> [[JournalEntry]] {
        // Frame and seal of each are less than this.
        let overhead = 256
        var parts: [[JournalEntry]] = []
        var room = 0
        for entry in entries {
            let size = entry.payload.count + overhead
            if size > room {
                parts.append([])
                room = self.configuration.effectiveSegmentSize / 2
            }
            parts[parts.count - 1].append(entry)
            room -= size
        }
        return parts
    }

    private func append(part entries: [JournalEntry]) async throws {
        let freed = self.core.freed.version
        switch await self.write(entries, isUrgent: false) {
        case .written: return
        case .failed(let error): throw error
        case .noRoom: break
        }
        // One wait for all that is freed meanwhile would do; waking up early only means to look once more.
        await self.core.freed.wait(after: freed, atMost: self.configuration.patience, clock: self.configuration.clock)
        switch await self.write(entries, isUrgent: true) {
        case .written: return
        case .failed(let error): throw error
        case .noRoom: throw JournalError(.full)
        }
    }

    private func write(_ entries: [JournalEntry], isUrgent: Bool) async -> AppendTicket.Outcome {
        let ticket = AppendTicket(entries, isUrgent: isUrgent)
        self.core.inbox.withLock { $0.append(ticket) }
        return await self.core.write(ticket)
    }

    /// Takes an entry into memory; it is written with others at most the configured time later, while `run` runs. One that
    /// memory has no room for is counted as dropped: `memory`.
    public func enqueue(_ entry: JournalEntry) {
        guard self.core.wanted.contains(entry.kind) else { return }
        self.buffer.add(entry)
    }

    /// Returns when the disk has what was enqueued before.
    ///
    /// - Throws: as `append` does.
    public func flush() async throws {
        let contents = self.buffer.take()
        await self.core.refuse(contents.refused, "memory")
        try await self.append(contents.entries.flatMap { $0 })
    }

    /// Writes what is enqueued until the task is cancelled, and once more then.
    func runWriting() async {
        while !Task.isCancelled {
            let version = self.buffer.filled.version
            if self.buffer.isEmpty {
                await self.buffer.filled.wait(after: version)
                continue
            }
            if !self.buffer.isHalfFull {
                let clock = self.configuration.clock
                await self.buffer.filled.wait(after: version, atMost: self.configuration.linger, clock: clock)
            }
            // What could not be written has been counted.
            try? await self.flush()
        }
        try? await self.flush()
    }

    /// What became of everything, for each destination.
    public func ledger() async -> [JournalLedger] { await self.core.ledger() }

    /// Writes down how far delivery has come, durably.
    public func commit() async throws { try await self.core.commit() }

    /// Reads every file again and checks every checksum, every seal and the ledger. Nothing is written meanwhile.
    public func verify() async throws -> JournalVerification { try await self.core.verify() }

    /// Bytes that the segments take, of how many they may.
    public var size: (bytes: Int, limit: Int) {
        get async { (await self.core.size, self.configuration.sizeLimit) }
    }

    /// Returns when nothing is queued any more, or after `limit`.
    ///
    /// - Returns: the ledger, with what is left.
    public func drain(atMost limit: Duration) async -> [JournalLedger] {
        let clock = self.configuration.clock
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    let version = self.core.changed.version
                    if await self.core.ledger().allSatisfy({ $0.queued == 0 }) { return }
                    await self.core.changed.wait(after: version)
                }
            }
            // Ended early only by the cancellation below or by the caller's.
            group.addTask { try? await clock.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
        return await self.ledger()
    }

    /// What is in quarantine, without its content.
    public func quarantined() async -> [QuarantinedRecord] { await self.core.quarantined() }

    /// Puts records back into the queue of their destination.
    ///
    /// - Throws: `JournalError`: `.unknownRecord`, `.unavailable`.
    public func retry(_ records: [QuarantinedRecord.Name]) async throws { try await self.core.requeue(records) }

    /// Throws records of the quarantine away; they count as dropped: `discarded`.
    ///
    /// - Throws: `JournalError`: `.unknownRecord`, `.unavailable`.
    public func discard(_ records: [QuarantinedRecord.Name]) async throws { try await self.core.discard(records) }

    /// Writes everything down and lets go of the files.
    public func close() async throws {
        // What could not be written has been counted.
        try? await self.flush()
        try await self.core.close()
    }
}
