import CherryCore
import Glibc

/// Reads a journal's folder and mends what a crash left behind.
struct JournalOpening {
    let stateFile: StateFile
    private(set) var state: JournalState
    private(set) var lanes: [Lane] = []
    private(set) var quarantine: QuarantineLog
    private(set) var findings = JournalFindings()

    init(_ configuration: JournalConfiguration, sealer: any OperationsSealer) throws {
        let folder = configuration.folder
        if mkdir(folder, 0o700) == 0 {
            try JournalFile.synchronizeFolder(Self.parent(folder))
        } else if errno != EEXIST {
            throw FileError("mkdir")
        }
        let old = try Self.journal(in: folder)
        let fresh = JournalState(journal: old ?? .random(in: 1 ... .max))
        self.stateFile = try StateFile(folder: folder) { fresh }
        self.state = try Self.checked(self.stateFile.found.first ?? fresh, sealer)
        if old != nil, self.state.generation == 0 { self.state.isRebuilt = true }
        self.findings.isRebuilt = self.state.isRebuilt
        self.quarantine = try QuarantineLog(folder: folder, extent: self.state.quarantine)
        for lane in JournalLane.allCases { try self.load(lane, in: folder) }
        self.account()
    }

    private static func parent(_ folder: String) -> String {
        let parts = folder.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        let path = parts.joined(separator: "/")
        return folder.hasPrefix("/") ? "/" + path : path.isEmpty ? "." : path
    }

    /// The journal that the segments in a folder are of.
    private static func journal(in folder: String) throws -> UInt64? {
        for name in try JournalFile.names(in: folder) where Segment.parse(name) != nil {
            let bytes = try JournalFile("\(folder)/\(name)", flags: O_RDONLY).read(SegmentHeader.size, at: 0)
            if let header = try SegmentHeader.decode(bytes) { return header.journal }
        }
        return nil
    }

    /// The state, once it is known to be of this key.
    private static func checked(_ state: JournalState, _ sealer: any OperationsSealer) throws -> JournalState {
        var state = state
        let address = OperationsAddress.journal(
            id: state.journal,
            lane: .max,
            position: 0,
            kind: 0,
            at: Timestamp(milliseconds: 0)
        )
        guard !state.probe.isEmpty else {
            state.probe = try sealer.seal([], at: address)
            return state
        }
        do {
            _ = try sealer.open(state.probe, at: address)
        } catch let error as any CherryError where error.isTampered {
            throw JournalError(.wrongKey, underlying: error)
        }
        return state
    }

    private mutating func load(_ lane: JournalLane, in folder: String) throws {
        let loader = try LaneLoader(
            folder: folder,
            lane: lane,
            journal: self.state.journal,
            known: self.state.marks[lane.index],
            start: self.state.isRebuilt ? nil : self.state.floor(lane)
        )
        if let last = loader.index.segments.last, !last.path.isEmpty {
            let file = try JournalFile(last.path, flags: O_RDWR)
            if try file.size > loader.lastEnd { try file.truncate(to: loader.lastEnd) }
            // A process that was killed may have left in memory what it had not yet waited for.
            try file.synchronize()
        }
        for path in loader.unusable { try JournalFile.remove(path) }
        var index = loader.index
        if let last = index.segments.indices.last { index.segments[last].size = loader.lastEnd }
        self.findings.tornBytes += loader.tornBytes
        self.findings.guessedKinds += loader.guessedKinds
        self.findings.damagedRecords += index.segments.reduce(0) { sum, segment in
            sum + (0..<segment.slots.count).count { segment.slots[$0].isDamaged }
        }
        self.lanes.append(Lane(index))
        self.state.marks[lane.index] = index.mark
    }

    /// Counts what each destination still has to get, and what is left of its quarantine.
    private mutating func account() {
        for number in self.state.accounts.indices {
            var account = self.state.accounts[number]
            account.queued = 0
            for lane in self.lanes where account.reads(lane.index.lane) {
                account.queued += lane.index.count(from: account.progress[lane.index.lane.index].cursor) {
                    account.isQueued($0, $1)
                }
            }
            var requeued = self.quarantine.index.keys(of: account.name, requeued: true)
            var held = self.quarantine.index.keys(of: account.name, requeued: false)
            let known = account.quarantined + account.requeued
            while UInt64(requeued.count + held.count) > known {
                // What said that it is gone cannot be read any more.
                let key = held.isEmpty ? requeued.removeFirst() : held.removeFirst()
                self.quarantine.forget(key)
            }
            account.requeued = UInt64(requeued.count)
            account.quarantined = UInt64(held.count)
            account.drop(known - account.requeued - account.quarantined, "damaged")
            self.state.accounts[number] = account
        }
    }
}
