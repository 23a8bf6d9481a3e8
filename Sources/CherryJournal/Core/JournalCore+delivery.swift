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
        var files = SegmentReader(self.lanes[lane.index].index)
        var unreadable: [(RecordKey, JournalKind, String)] = []
        var position = max(reader.positions[lane.index], account.progress[lane.index].cursor)
        while position < end, !batch.isFull, account.progress[lane.index].beyond.ranges.count < Self.rangeLimit {
            guard let kind = self.lanes[lane.index].index.kind(of: position), account.isQueued(kind, position) else {
                position += 1
                continue
            }
            let key = RecordKey(lane: lane, position: position)
            switch try self.open(key, kind, &files) {
            case .success(let record):
                if !batch.add(record) { break }
                position += 1
                continue
            case .failure(let damage):
                unreadable.append((key, kind, damage.reason))
                position += 1
                continue
            }
            break
        }
        try self.hold(unreadable, number)
        reader.positions[lane.index] = position
    }

    private struct Damage: Error { let reason: String }

    private func open(
        _ key: RecordKey,
        _ kind: JournalKind,
        _ files: inout SegmentReader
    ) throws(FileError) -> Result<QueuedRecord, Damage> {
        guard let (frame, payload) = try files.read(key.position), frame.kind == kind else {
            return .failure(Damage(reason: "damaged"))
        }
        return self.open(key, kind, frame.at, payload)
    }

    private func open(
        _ key: RecordKey,
        _ kind: JournalKind,
        _ at: Int64,
        _ payload: [UInt8]
    ) -> Result<QueuedRecord, Damage> {
        // Whatever the reason is, the record cannot be delivered.
        guard let plain = try? self.sealer.open(payload, at: self.address(kind, key.position, at)) else {
            return .failure(Damage(reason: "unsealed"))
        }
        let entry = JournalEntry(kind: kind, at: Timestamp(milliseconds: at), payload: plain)
        return .success(QueuedRecord(key: key, record: JournalRecord(id: key.id(in: self.journal), entry: entry)))
    }

    private func takeRequeued(_ number: Int, _ reader: inout DestinationReader, _ batch: inout Batch) throws {
        let account = self.state.accounts[number]
        guard account.requeued > 0 else { return }
        for key in self.quarantine.index.keys(of: account.name, requeued: true)
        where !batch.isFull && !reader.requeued.contains(key.record) {
            guard let entry = self.quarantine.index.entries[key] else { continue }
            let payload = try self.quarantine.payload(key)
            switch payload.map({ self.open(key.record, entry.kind, entry.at, $0) }) {
            case .success(let record)?:
                if batch.add(record) { reader.requeued.insert(key.record) }
            case .failure(let damage)?: try self.putBack(key, number, damage.reason)
            case nil: try self.putBack(key, number, "damaged")
            }
        }
    }

    private func putBack(_ key: QuarantineKey, _ number: Int, _ reason: String) throws(FileError) {
        try self.quarantine.append([.returned(key, reason: reason)])
        self.state.accounts[number].requeued -= 1
        self.state.accounts[number].quarantined += 1
        self.touch()
    }

    /// Puts aside what cannot be read.
    private func hold(_ records: [(RecordKey, JournalKind, String)], _ number: Int) throws(FileError) {
        guard !records.isEmpty else { return }
        let name = self.state.accounts[number].name
        let events = try records.map { key, kind, reason throws(FileError) in
            let sealed = try self.sealed(key)
            return QuarantineEvent.held(
                QuarantineKey(destination: name, record: key),
                kind: kind,
                at: sealed?.frame.at ?? 0,
                reason: reason,
                payload: sealed?.payload ?? []
            )
        }
        try self.quarantine.append(events)
        for (key, _, _) in records {
            self.state.accounts[number].quarantined += 1
            self.settle(key, number)
        }
        self.boundQuarantine()
        self.touch()
    }

    /// What the segment holds of a record; `nil` when it cannot be read, however often it is tried.
    private func sealed(_ key: RecordKey) throws(FileError) -> (frame: RecordFrame, payload: [UInt8])? {
        var files = SegmentReader(self.lanes[key.lane.index].index)
        return try files.read(key.position)
    }

    /// Takes a record off a destination's queue.
    private func settle(_ key: RecordKey, _ number: Int) {
        self.state.accounts[number].progress[key.lane.index].settle(key.position..<key.position + 1)
        self.state.accounts[number].queued -= 1
        self.advance(number, key.lane)
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
            let key = QuarantineKey(destination: destination, record: settlement.key)
            let isRequeued = self.quarantine.index.entries[key]?.isRequeued == true
            let kind = self.lanes[settlement.key.lane.index].index.kind(of: settlement.key.position)
            let isQueued = kind.map { self.state.accounts[number].isQueued($0, settlement.key.position) } ?? false
            guard isRequeued || isQueued else { continue }
            do {
                if isRequeued {
                    try self.settleRequeued(key, number, settlement.fate)
                } else if let kind {
                    try self.settleQueued(key, number, kind, settlement.fate)
                }
            } catch {
                open.insert(settlement.key)
            }
        }
        self.boundQuarantine()
        self.touch()
        return open
    }

    private func settleQueued(
        _ key: QuarantineKey,
        _ number: Int,
        _ kind: JournalKind,
        _ fate: Settlement.Fate
    ) throws(FileError) {
        switch fate {
        case .sent: self.state.accounts[number].sent += 1
        case .dropped(let reason): self.state.accounts[number].drop(1, reason)
        case .quarantined(let reason):
            let sealed = try self.sealed(key.record)
            try self.quarantine.append([
                .held(key, kind: kind, at: sealed?.frame.at ?? 0, reason: reason, payload: sealed?.payload ?? [])
            ])
            self.state.accounts[number].quarantined += 1
        }
        self.settle(key.record, number)
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
