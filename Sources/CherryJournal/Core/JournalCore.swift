import CherryCore
import Glibc
import Synchronization

/// Everything that touches the journal's files, on a thread of its own: while it waits for the disk, requests gather, and
/// the next one is served together with all of them.
actor JournalCore {
    let configuration: JournalConfiguration
    let sealer: BlockSealer
    let journal: UInt64
    /// Raised when records are there to be delivered.
    nonisolated let appended = Signal()
    /// Raised when segments were removed.
    nonisolated let freed = Signal()
    /// Raised when the state in memory is ahead of the one on disk.
    nonisolated let changed = Signal()
    /// The kinds that somebody takes; nothing else is written.
    nonisolated let wanted = WantedKinds()
    nonisolated let inbox = Mutex<[AppendTicket]>([])

    private nonisolated let queue = SerialQueue(label: "cherry.journal")
    nonisolated var unownedExecutor: UnownedSerialExecutor { self.queue.asUnownedSerialExecutor() }

    var state: JournalState
    var lanes: [Lane]
    var quarantine: QuarantineLog
    var readers: [String: DestinationReader] = [:]
    var recent = RecentBlocks()
    /// What was found when the journal was opened.
    let findings: JournalFindings

    private let stateFile: StateFile
    private var isDirty = false
    private var isClosed = false
    /// What the two states on disk still need: the first position of each lane, and the quarantine's file.
    private var needs: [Needs]

    struct Needs {
        var floors: [UInt64]
        var quarantine: UInt32
    }

    init(_ configuration: JournalConfiguration, sealer: any OperationsSealer) throws {
        self.configuration = configuration
        do {
            let opened = try JournalOpening(configuration, sealer: sealer)
            self.stateFile = opened.stateFile
            self.state = opened.state
            self.lanes = opened.lanes
            self.quarantine = opened.quarantine
            self.findings = opened.findings
            self.journal = opened.state.journal
            self.sealer = BlockSealer(sealer: sealer, journal: opened.state.journal)
            self.needs = opened.stateFile.found.prefix(2).map(Self.needs)
            if self.needs.count < 2 {
                self.needs.append(Needs(floors: JournalLane.allCases.map { _ in 0 }, quarantine: 0))
            }
        } catch let error as FileError {
            throw JournalError(.unavailable, underlying: error)
        }
        self.wanted.set(self.state.wantedKinds)
    }

    private static func needs(_ state: JournalState) -> Needs {
        Needs(floors: JournalLane.allCases.map(state.floor), quarantine: state.quarantine.generation)
    }

    func checkOpen() throws {
        if self.isClosed { throw JournalError(.closed) }
    }

    /// Notes that the state in memory is ahead of the one on disk.
    func touch() {
        self.isDirty = true
        self.changed.raise()
    }

    /// Writes the state, if it changed, and removes the segments that nobody needs any more.
    ///
    /// - Throws: `JournalError` with code `.unavailable`; everything goes on from the state in memory.
    func commit(force: Bool = false) throws {
        guard self.isDirty || force else { return }
        var next = self.state
        next.generation += 1
        next.quarantine = self.quarantine.extent
        do {
            try self.stateFile.write(next)
        } catch let error as FileError {
            throw JournalError(.unavailable, underlying: error)
        }
        self.state.generation = next.generation
        self.state.quarantine = next.quarantine
        self.isDirty = false
        self.needs = [Self.needs(next), self.needs[0]]
        self.removeSettled()
        self.compactQuarantine()
    }

    /// Removes segments and quarantine files that neither state on disk needs.
    private func removeSettled() {
        var isFreed = false
        for lane in JournalLane.allCases {
            let floor = self.needs.map { $0.floors[lane.index] }.min() ?? 0
            while let first = self.lanes[lane.index].index.segments.first, first.end <= floor {
                let isActive = self.lanes[lane.index].index.segments.count == 1 && self.lanes[lane.index].writer != nil
                guard !isActive, self.removeFile(first.path) else { break }
                self.lanes[lane.index].index.segments.removeFirst()
                isFreed = true
            }
        }
        if isFreed { self.freed.raise() }
    }

    /// Removes a file; one that stays is removed another time.
    func removeFile(_ path: String) -> Bool {
        guard !path.isEmpty else { return true }
        do {
            try JournalFile.remove(path)
            return true
        } catch {
            return false
        }
    }

    private func compactQuarantine() {
        let oldest = self.needs.map(\.quarantine).min() ?? 0
        if oldest > 0 { _ = self.removeFile(QuarantineLog.path(self.configuration.folder, oldest - 1)) }
        guard self.quarantine.isWasteful, oldest == self.quarantine.extent.generation else { return }
        // Without it the file is larger than it need be, and another attempt is made later.
        guard let next = try? self.quarantine.compacted() else { return }
        self.quarantine = next
        self.touch()
    }

    /// Writes what is in memory and lets go of the files.
    func close() throws {
        guard !self.isClosed else { return }
        try self.commit(force: true)
        for index in self.lanes.indices { self.closeWriter(index) }
        self.isClosed = true
    }
}
