import CherryCore
import Synchronization

extension JournalCore {
    /// Writes what `ticket` holds, together with all that others asked for meanwhile, and waits until the disk has it.
    func write(_ ticket: AppendTicket) -> AppendTicket.Outcome {
        if ticket.outcome == nil { self.writeAll() }
        return ticket.outcome ?? .failed(JournalError(.closed))
    }

    private func writeAll() {
        let tickets = self.inbox.withLock { inbox in
            defer { inbox.removeAll() }
            return inbox
        }
        do {
            try self.checkOpen()
        } catch {
            for ticket in tickets { ticket.finish(.failed(JournalError(.closed))) }
            return
        }
        for ticket in tickets { self.stage(ticket) }
        for index in self.lanes.indices { self.flush(index) }
        for ticket in tickets { ticket.finish(.written) }
    }

    /// Puts the entries of a ticket behind those that are to be written.
    private func stage(_ ticket: AppendTicket) {
        var entries: [JournalEntry] = []
        let kinds = self.state.wantedKinds
        for entry in ticket.entries where kinds.contains(entry.kind) {
            if entry.payload.count <= self.configuration.recordLimit {
                entries.append(entry)
            } else {
                self.refuse([entry.kind], "too_large")
                ticket.finish(.failed(JournalError(.tooLarge)))
            }
        }
        for lane in JournalLane.allCases {
            let part = entries.filter { $0.kind.lane == lane }
            guard !part.isEmpty else { continue }
            do {
                try self.stage(part, in: lane.index, of: ticket)
            } catch {
                if error.code == .full, !ticket.isUrgent {
                    ticket.finish(.noRoom)
                    continue
                }
                self.refuse(part.map(\.kind), error.code == .full ? "full" : "unavailable")
                ticket.finish(.failed(error))
            }
        }
    }

    private func stage(_ entries: [JournalEntry], in lane: Int, of ticket: AppendTicket) throws(JournalError) {
        var staged = try self.encode(entries, after: self.lanes[lane].stage.mark)
        if staged.bytes.count > self.lanes[lane].room {
            self.flush(lane)
            try self.beginSegment(lane, isUrgent: ticket.isUrgent)
            // Had the flush failed, positions would be others now.
            staged = try self.encode(entries, after: self.lanes[lane].stage.mark)
        }
        let base = self.lanes[lane].stage.bytes.count
        if base == 0 {
            self.lanes[lane].stage.bytes = staged.bytes
        } else {
            self.lanes[lane].stage.bytes += staged.bytes
        }
        for var block in staged.blocks {
            block.offset += base
            self.lanes[lane].stage.blocks.append(block)
        }
        self.lanes[lane].stage.mark = staged.mark
        self.lanes[lane].stage.tickets.append(ticket)
    }

    private func encode(_ entries: [JournalEntry], after mark: LaneMark) throws(JournalError) -> Lane.Stage {
        var stage = Lane.Stage(mark: mark)
        var rest = entries[...]
        // Large memory that grows is fetched anew each time. What frames and seals take is less than this leaves.
        stage.bytes.reserveCapacity(entries.reduce(256) { $0 + $1.payload.count + 2 * Block.overhead })
        do {
            while let first = rest.first {
                let block = rest.prefix(Block.count(rest))
                let payload = try self.sealer.seal(block, at: stage.mark.position)
                stage.blocks.append(.init(kind: first.kind, entries: block, offset: stage.bytes.count))
                let frame = BlockFrame(
                    kind: first.kind,
                    count: block.count,
                    position: stage.mark.position,
                    at: first.at.milliseconds,
                    trail: stage.mark.trail,
                    length: payload.count,
                    checksum: CRC32.checksum(payload)
                )
                frame.append(to: &stage.bytes)
                stage.bytes += payload
                stage.mark.pass(first.kind, UInt64(block.count))
                rest = rest.dropFirst(block.count)
            }
        } catch {
            throw JournalError(.unavailable, underlying: error)
        }
        return stage
    }

    /// Writes what is staged in a lane. A segment whose write or synchronization failed is given up at once, and the
    /// same records go into a new one; when that fails too, their appends fail.
    func flush(_ lane: Int) {
        let stage = self.lanes[lane].stage
        guard !stage.blocks.isEmpty else { return }
        do {
            try self.appendTwice(stage, lane)
        } catch {
            self.closeWriter(lane)
            self.lanes[lane].stage = Lane.Stage(mark: self.lanes[lane].index.mark)
            for block in stage.blocks {
                self.refuse([block.kind: UInt64(block.count)], error.isNoSpace ? "full" : "unavailable")
            }
            let failure = JournalError(error.isNoSpace ? .full : .unavailable, underlying: error)
            for ticket in stage.tickets { ticket.finish(.failed(failure)) }
        }
    }

    private func appendTwice(_ stage: Lane.Stage, _ lane: Int) throws(FileError) {
        do {
            try self.append(stage, lane)
        } catch {
            self.closeWriter(lane)
            try self.makeWriter(lane)
            try self.append(stage, lane)
        }
    }

    private func append(_ stage: Lane.Stage, _ lane: Int) throws(FileError) {
        guard var writer = self.lanes[lane].writer else { throw FileError("write") }
        let base = writer.end
        try writer.append(stage.bytes)
        self.lanes[lane].writer = writer
        let last = self.lanes[lane].index.segments.count - 1
        var position = self.lanes[lane].index.mark.position
        for block in stage.blocks {
            self.lanes[lane].index.segments[last].slots.append(
                .init(kind: block.kind, offset: base + block.offset, isDamaged: false),
                count: block.count
            )
            let end = position + UInt64(block.count)
            self.recent.add(
                .init(lane: block.kind.lane, positions: position..<end, entries: Array(block.entries))
            )
            position = end
        }
        self.lanes[lane].index.mark = stage.mark
        self.lanes[lane].stage = Lane.Stage(mark: stage.mark)
        self.state.marks[lane] = stage.mark
        for number in self.state.accounts.indices {
            let subscriptions = self.state.accounts[number].subscriptions
            for block in stage.blocks where subscriptions[block.kind] != nil {
                self.state.accounts[number].queued += UInt64(block.count)
            }
        }
        self.appended.raise()
    }

    /// Counts records that were given up before they were written.
    func refuse(_ kinds: [JournalKind], _ reason: String) {
        for kind in kinds { self.state.refuse(kind, 1, reason) }
        if !kinds.isEmpty { self.touch() }
    }

    /// The same for entries that memory had no room for.
    func refuse(_ counts: [JournalKind: UInt64], _ reason: String) {
        for (kind, count) in counts { self.state.refuse(kind, count, reason) }
        if !counts.isEmpty { self.touch() }
    }
}
