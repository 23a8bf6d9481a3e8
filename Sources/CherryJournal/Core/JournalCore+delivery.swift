import CherryCore

extension JournalCore {
    /// Records of one request, and ranges of settled ones, are bounded, so that the state has room for any pattern.
    private static let batchLimit = 1000
    private static let rangeLimit = 512

    /// Begins to hand out a destination's records from the first that is not settled.
    func rewind(_ destination: String) throws {
        guard let account = self.state.account(destination) else { throw JournalError(.unknownDestination) }
        self.readers[destination] = DestinationReader(positions: self.state.accounts[account].progress.map(\.cursor))
    }

    /// Hands out the next records of a destination, each once.
    ///
    /// What cannot be read any more is put into quarantine on the way.
    func next(_ destination: String, _ limits: DeliveryLimits) throws -> [QueuedRecord] {
        try self.checkOpen()
        guard let number = self.state.account(destination) else { throw JournalError(.unknownDestination) }
        if self.state.isRebuilt {
            // Delivery begins, so everybody who is to be sent what is there has been registered.
            self.state.isRebuilt = false
            self.touch()
        }
        if self.readers[destination] == nil { try self.rewind(destination) }
        guard var reader = self.readers[destination] else { return [] }
        var batch = Batch(limits: limits, count: min(limits.records, Self.batchLimit))
        do {
            try self.takeRequeued(number, &reader, &batch)
            let lanes: [JournalLane] =
                reader.isExpendableFirst ? [.expendable, .essential] : [.essential, .expendable]
            for lane in lanes where self.state.accounts[number].reads(lane) {
                try self.take(lane, number, &reader, &batch)
            }
        } catch let error as FileError {
            // What was taken out is handed out again.
            throw JournalError(.unavailable, underlying: error)
        }
        reader.isExpendableFirst = batch.isFull && batch.records.allSatisfy { $0.key.lane == .essential }
        self.readers[destination] = reader
        return batch.records
    }

    private struct Batch {
        let limits: DeliveryLimits
        let count: Int
        var records: [QueuedRecord] = []
        var bytes = 0
        var isFull = false

        /// Adds a record, unless it is too much; the first always fits.
        mutating func add(_ record: QueuedRecord) -> Bool {
            guard self.records.isEmpty || self.bytes + record.size <= self.limits.bytes else {
                self.isFull = true
                return false
            }
            self.records.append(record)
            self.bytes += record.size
            self.isFull = self.records.count >= self.count
            return true
        }
    }

    private func take(_ lane: JournalLane, _ number: Int, _ reader: inout DestinationReader, _ batch: inout Batch)
        throws
    {
        self.advance(number, lane)
        let end = self.lanes[lane.index].index.mark.position
        let account = self.state.accounts[number]
        var records = RecordReader(self.lanes[lane.index].index, self.recent, self.sealer)
        var unreadable: [(RecordKey, JournalKind, String)] = []
        var position = max(reader.positions[lane.index], account.progress[lane.index].cursor)
        while position < end, !batch.isFull, account.progress[lane.index].beyond.ranges.count < Self.rangeLimit {
            guard let kind = self.lanes[lane.index].index.kind(of: position), account.isQueued(kind, position) else {
                position += 1
                continue
            }
            let key = RecordKey(lane: lane, position: position)
            switch try records.read(position, kind) {
            case .success(let entry):
                guard batch.add(self.queued(key, entry)) else { continue }
            case .failure(let damage): unreadable.append((key, kind, damage.rawValue))
            }
            position += 1
        }
        try self.hold(unreadable, of: lane, number)
        reader.positions[lane.index] = position
    }

    private func queued(_ key: RecordKey, _ entry: JournalEntry) -> QueuedRecord {
        QueuedRecord(key: key, record: JournalRecord(number: key.number(in: self.journal), entry: entry))
    }

    private func takeRequeued(_ number: Int, _ reader: inout DestinationReader, _ batch: inout Batch) throws {
        let account = self.state.accounts[number]
        guard account.requeued > 0 else { return }
        for key in self.quarantine.index.keys(of: account.name, requeued: true)
        where !batch.isFull && !reader.requeued.contains(key.record) {
            guard let entry = self.quarantine.index.entries[key] else { continue }
            guard let payload = try self.quarantine.payload(key) else {
                try self.putBack(key, number, RecordReader.Damage.damaged.rawValue)
                continue
            }
            let position = key.record.position
            let opened = self.sealer.open(payload, kind: entry.kind, count: 1, position: position, at: entry.at)
            guard let record = opened?.first else {
                try self.putBack(key, number, RecordReader.Damage.unsealed.rawValue)
                continue
            }
            if batch.add(self.queued(key.record, record)) { reader.requeued.insert(key.record) }
        }
    }

    private func putBack(_ key: QuarantineKey, _ number: Int, _ reason: String) throws(FileError) {
        try self.quarantine.append([.returned(key, reason: reason)])
        self.state.accounts[number].requeued -= 1
        self.state.accounts[number].quarantined += 1
        self.touch()
    }

    /// Puts aside what cannot be read.
    private func hold(
        _ records: [(RecordKey, JournalKind, String)],
        of lane: JournalLane,
        _ number: Int
    ) throws(FileError) {
        guard !records.isEmpty else { return }
        let name = self.state.accounts[number].name
        var reader = RecordReader(self.lanes[lane.index].index, self.recent, self.sealer)
        let events = try records.map { key, kind, reason throws(FileError) in
            let sealed = try reader.sealed(key.position, kind)
            return QuarantineEvent.held(
                QuarantineKey(destination: name, record: key),
                kind: kind,
                at: sealed.at,
                reason: reason,
                payload: sealed.payload
            )
        }
        try self.quarantine.append(events)
        for (key, _, _) in records {
            self.state.accounts[number].quarantined += 1
            self.settle(key, number)
        }
        self.advance(number, lane)
        self.boundQuarantine()
        self.touch()
    }

    /// Takes a record off a destination's queue.
    private func settle(_ key: RecordKey, _ number: Int) {
        self.state.accounts[number].progress[key.lane.index].settle(key.position..<key.position + 1)
        self.state.accounts[number].queued -= 1
    }

    /// Moves a destination's cursor past what is not for it.
    func advance(_ number: Int, _ lane: JournalLane) {
        let index = self.lanes[lane.index].index
        var account = self.state.accounts[number]
        let before = account.progress[lane.index].cursor
        var cursor = max(before, min(index.start, index.mark.position))
        while let kind = index.kind(of: cursor), !account.isQueued(kind, cursor) {
            cursor += 1
            account.progress[lane.index].settle(before..<cursor)
            cursor = account.progress[lane.index].cursor
        }
        guard cursor > before else { return }
        self.state.accounts[number].progress = account.progress
    }

    /// Notes what became of records. One whose fate is known already, because it was dropped to make room while it was
    /// on its way, is passed over.
    ///
    /// - Returns: those that could not be put into quarantine and are still to be sent.
    func settle(_ destination: String, _ settlements: [Settlement]) throws -> Set<RecordKey> {
        try self.checkOpen()
        guard let number = self.state.account(destination) else { throw JournalError(.unknownDestination) }
        var open: Set<RecordKey> = []
        for settlement in settlements {
            let key = settlement.key
            do {
                if self.isRequeued(key, number) {
                    let key = QuarantineKey(destination: destination, record: key)
                    try self.settleRequeued(key, number, settlement.fate)
                } else if let kind = self.lanes[key.lane.index].index.kind(of: key.position),
                    self.state.accounts[number].isQueued(kind, key.position)
                {
                    try self.settleQueued(key, number, kind, settlement.fate)
                }
            } catch {
                open.insert(key)
            }
        }
        for lane in JournalLane.allCases { self.advance(number, lane) }
        self.boundQuarantine()
        self.touch()
        return open
    }

    private func isRequeued(_ key: RecordKey, _ number: Int) -> Bool {
        guard self.state.accounts[number].requeued > 0 else { return false }
        let key = QuarantineKey(destination: self.state.accounts[number].name, record: key)
        return self.quarantine.index.entries[key]?.isRequeued == true
    }

    /// Settles, and hands out the next records where there is room for them: together, so that a destination waits once
    /// and not twice for whatever else the disk is busy with.
    func settle(
        _ destination: String,
        _ settlements: [Settlement],
        thenNext room: DeliveryLimits?
    ) throws -> (open: Set<RecordKey>, next: [QueuedRecord]) {
        let open = try self.settle(destination, settlements)
        // What cannot be read now is asked for again, and its failure told then.
        let next = room.flatMap { try? self.next(destination, $0) }
        return (open, next ?? [])
    }

    private func settleQueued(
        _ key: RecordKey,
        _ number: Int,
        _ kind: JournalKind,
        _ fate: Settlement.Fate
    ) throws(FileError) {
        switch fate {
        case .sent: self.state.accounts[number].sent += 1
        case .dropped(let reason): self.state.accounts[number].drop(1, reason)
        case .quarantined(let reason):
            var reader = RecordReader(self.lanes[key.lane.index].index, self.recent, self.sealer)
            let sealed = try reader.sealed(key.position, kind)
            let name = QuarantineKey(destination: self.state.accounts[number].name, record: key)
            try self.quarantine.append([
                .held(name, kind: kind, at: sealed.at, reason: reason, payload: sealed.payload)
            ])
            self.state.accounts[number].quarantined += 1
        }
        self.settle(key, number)
    }

    private func settleRequeued(_ key: QuarantineKey, _ number: Int, _ fate: Settlement.Fate) throws(FileError) {
        switch fate {
        case .sent:
            try self.quarantine.append([.gone(key)])
            self.state.accounts[number].sent += 1
        case .dropped(let reason):
            try self.quarantine.append([.gone(key)])
            self.state.accounts[number].drop(1, reason)
        case .quarantined(let reason):
            try self.quarantine.append([.returned(key, reason: reason)])
            self.state.accounts[number].quarantined += 1
        }
        self.state.accounts[number].requeued -= 1
        self.readers[key.destination]?.requeued.remove(key.record)
    }
}
