import CherryCore

extension JournalCore {
    /// Reads every file again and compares with what is in memory.
    func verify() throws -> JournalVerification {
        try self.checkOpen()
        do {
            return try self.readAll()
        } catch let error as FileError {
            throw JournalError(.unavailable, underlying: error)
        }
    }

    private func readAll() throws -> JournalVerification {
        var result = JournalVerification(ledger: self.ledger())
        let found = try JournalLane.allCases.map { lane in
            try LaneLoader(
                folder: self.configuration.folder,
                lane: lane,
                journal: self.journal,
                known: self.state.marks[lane.index],
                start: self.state.isRebuilt ? nil : self.state.floor(lane)
            )
        }
        for (lane, loader) in zip(self.lanes, found) {
            let figures = loader.isConsistent && loader.index.mark == lane.index.mark
            if !figures { result.problems.append(.figures) }
            for segment in loader.index.segments { self.check(segment, loader.index, &result) }
        }
        for account in self.state.accounts {
            let queued = found.filter { account.reads($0.index.lane) }.reduce(UInt64(0)) { sum, loader in
                sum
                    + loader.index.count(from: account.progress[loader.index.lane.index].cursor) {
                        account.isQueued($0, $1)
                    }
            }
            let entries = self.quarantine.index.entries.filter { $0.key.destination == account.name }.values
            let held = UInt64(entries.count { !$0.isRequeued })
            let requeued = UInt64(entries.count { $0.isRequeued })
            if queued != account.queued || held != account.quarantined || requeued != account.requeued {
                result.problems.append(.counts(destination: account.name))
            }
        }
        for line in result.ledger where !line.isBalanced {
            result.problems.append(.ledger(destination: line.destination))
        }
        return result
    }

    private func check(_ segment: Segment, _ index: LaneIndex, _ result: inout JournalVerification) {
        var files = SegmentReader(index)
        var position = segment.first
        while position < segment.end {
            // One that cannot be read counts as damaged, whatever the reason is.
            guard let (frame, payload) = try? files.block(with: position) else {
                result.damaged += 1
                position += 1
                continue
            }
            let end = min(frame.end, segment.end)
            result.records += Int(end - position)
            if self.sealer.open(payload, frame) == nil { result.unsealed += Int(end - position) }
            position = end
        }
    }
}
