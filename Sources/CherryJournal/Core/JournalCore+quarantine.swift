import CherryCore

extension JournalCore {
    /// How much quarantine may hold: records, and bytes of them.
    private static let quarantineRecords = 10_000
    private static let quarantineBytes = 16 << 20

    /// Throws the records away that have been in quarantine longest when there are too many.
    func boundQuarantine() {
        while self.quarantine.index.entries.count > Self.quarantineRecords
            || self.quarantine.index.liveBytes > Self.quarantineBytes
        {
            guard let key = self.quarantine.index.oldestHeld, self.discard(key, "quarantine_full") else { return }
        }
    }

    private func discard(_ key: QuarantineKey, _ reason: String) -> Bool {
        guard let number = self.state.account(key.destination) else { return false }
        do {
            try self.quarantine.append([.gone(key)])
        } catch {
            return false
        }
        self.state.accounts[number].quarantined -= 1
        self.state.accounts[number].drop(1, reason)
        self.touch()
        return true
    }

    /// What is in quarantine, oldest first of each destination.
    func quarantined() -> [QuarantinedRecord] {
        self.state.accounts.flatMap { account in
            self.quarantine.index.keys(of: account.name, requeued: false).compactMap { key in
                guard let entry = self.quarantine.index.entries[key] else { return nil }
                return QuarantinedRecord(
                    destination: account.name,
                    id: key.record.id(in: self.journal),
                    kind: entry.kind,
                    at: entry.hasPayload ? Timestamp(milliseconds: entry.at) : nil,
                    reason: entry.reason,
                    bytes: entry.length
                )
            }
        }
    }

    /// Puts records back into their destination's queue.
    func requeue(_ records: [QuarantinedRecord.Name]) throws {
        for key in try self.keys(records) {
            guard let number = self.state.account(key.destination) else { continue }
            do {
                try self.quarantine.append([.requeued(key)])
            } catch {
                throw JournalError(.unavailable, underlying: error)
            }
            self.state.accounts[number].quarantined -= 1
            self.state.accounts[number].requeued += 1
            self.touch()
        }
        try self.commit()
        self.appended.raise()
    }

    /// Throws records away.
    func discard(_ records: [QuarantinedRecord.Name]) throws {
        for key in try self.keys(records) where !self.discard(key, "discarded") {
            throw JournalError(.unavailable)
        }
        try self.commit()
    }

    private func keys(_ records: [QuarantinedRecord.Name]) throws -> [QuarantineKey] {
        try self.checkOpen()
        return try records.map { name in
            guard let record = RecordKey(name.id, in: self.journal) else { throw JournalError(.unknownRecord) }
            let key = QuarantineKey(destination: name.destination, record: record)
            guard self.quarantine.index.entries[key]?.isRequeued == false else { throw JournalError(.unknownRecord) }
            return key
        }
    }

    /// Empties the quarantine of a kind that a destination takes no more.
    func dropQuarantined(_ number: Int, _ kind: JournalKind) throws(FileError) {
        let name = self.state.accounts[number].name
        let keys = self.quarantine.index.entries.filter { $0.key.destination == name && $0.value.kind == kind }
        try self.quarantine.append(keys.keys.sorted().map { .gone($0) })
        for entry in keys.values {
            if entry.isRequeued {
                self.state.accounts[number].requeued -= 1
            } else {
                self.state.accounts[number].quarantined -= 1
            }
        }
        self.state.accounts[number].drop(UInt64(keys.count), "removed")
    }
}
