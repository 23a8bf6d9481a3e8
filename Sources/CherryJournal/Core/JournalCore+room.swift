import Glibc

extension JournalCore {
    /// Bytes that the segments take.
    var size: Int { self.lanes.reduce(0) { $0 + $1.index.size } }

    /// Begins the next segment of a lane. When there is no room, what is settled goes; for an urgent append the oldest
    /// debug logs too.
    func beginSegment(_ lane: Int, isUrgent: Bool) throws(JournalError) {
        var hasCommitted = false
        while true {
            do {
                try self.makeWriter(lane)
                return
            } catch {
                guard error.isNoSpace else { throw JournalError(.unavailable, underlying: error) }
                if !hasCommitted {
                    // Twice, so that both states on disk agree about what may go.
                    for _ in 0..<2 { try self.commitForRoom() }
                    hasCommitted = true
                } else if isUrgent, try self.dropOldestExpendable() {
                    continue
                } else {
                    throw JournalError(.full, underlying: error)
                }
            }
        }
    }

    private func commitForRoom() throws(JournalError) {
        do {
            try self.commit(force: true)
        } catch {
            throw (error as? JournalError) ?? JournalError(.unavailable, underlying: error)
        }
    }

    /// Makes the next segment and closes the one before.
    ///
    /// - Throws: `FileError`, with `ENOSPC` also when the size limit is reached.
    func makeWriter(_ lane: Int) throws(FileError) {
        let size = self.configuration.effectiveSegmentSize
        guard self.size + size <= self.configuration.sizeLimit else {
            throw FileError("limit", code: ENOSPC)
        }
        let index = self.lanes[lane].index
        let header = SegmentHeader(
            lane: index.lane,
            journal: self.journal,
            sequence: index.nextSequence,
            mark: index.mark
        )
        // Even an attempt that fails uses its number up.
        self.lanes[lane].index.nextSequence += 1
        let writer = try SegmentWriter(folder: self.configuration.folder, header: header, size: size)
        self.closeWriter(lane)
        self.lanes[lane].writer = writer
        self.lanes[lane].index.segments.append(
            Segment(
                sequence: header.sequence,
                path: Segment.path(self.configuration.folder, index.lane, header.sequence),
                first: index.mark.position,
                size: size
            )
        )
    }

    /// Ends the segment that is written to; one without records is removed.
    func closeWriter(_ lane: Int) {
        guard let writer = self.lanes[lane].writer else { return }
        self.lanes[lane].writer = nil
        let last = self.lanes[lane].index.segments.count - 1
        self.lanes[lane].index.segments[last].size = writer.close()
        let segment = self.lanes[lane].index.segments[last]
        if segment.slots.count == 0, self.removeFile(segment.path) {
            self.lanes[lane].index.segments.removeLast()
        }
    }

    /// Throws the oldest segment of debug logs away and counts what nobody had got of it.
    ///
    /// - Returns: whether that made room.
    private func dropOldestExpendable() throws(JournalError) -> Bool {
        let lane = JournalLane.expendable.index
        let before = self.size
        if self.lanes[lane].index.segments.count == 1 {
            self.flush(lane)
            self.closeWriter(lane)
        }
        guard let segment = self.lanes[lane].index.segments.first else { return self.size < before }
        for number in self.state.accounts.indices where self.state.accounts[number].reads(.expendable) {
            var account = self.state.accounts[number]
            let lost = self.lanes[lane].index.count(from: segment.first) { kind, position in
                position < segment.end && account.isQueued(kind, position)
            }
            account.drop(lost, "full")
            account.queued -= lost
            account.progress[lane].settle(segment.first..<segment.end)
            self.state.accounts[number] = account
        }
        // Removing it is left to the commit: only once both states on disk say that nobody needs it.
        for _ in 0..<2 { try self.commitForRoom() }
        return self.size < before
    }
}
