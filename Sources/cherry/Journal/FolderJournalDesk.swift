import CherryJournal

/// The journal of a server that is stopped, which this process has opened.
struct FolderJournalDesk: JournalDesk {
    let contents: Journal

    var isDelivering: Bool { false }

    func journal() async throws -> JournalAnswer {
        let size = await self.contents.size
        let findings = self.contents.findings
        return JournalAnswer(
            bytes: size.bytes,
            limit: size.limit,
            findings: .init(
                tornBytes: findings.tornBytes,
                damagedRecords: findings.damagedRecords,
                isRebuilt: findings.isRebuilt
            ),
            destinations: await self.contents.ledger().map(JournalAccountAnswer.init)
        )
    }

    func verify() async throws -> JournalVerificationAnswer {
        let result = try await self.contents.verify()
        return JournalVerificationAnswer(
            sound: result.isSound,
            records: result.records,
            damaged: result.damaged,
            unsealed: result.unsealed,
            destinations: result.ledger.map(JournalAccountAnswer.init)
        )
    }

    /// Nothing is sent here, so there is nothing to wait for.
    func drain(seconds: Int) async throws -> [JournalAccountAnswer] {
        await self.contents.ledger().map(JournalAccountAnswer.init)
    }

    func quarantine() async throws -> [QuarantinedRecordAnswer] {
        await self.contents.quarantined().map { record in
            QuarantinedRecordAnswer(
                destination: record.destination,
                id: record.id,
                kind: "\(record.kind)",
                at: record.at,
                reason: record.reason
            )
        }
    }

    func retry(_ destination: String, id: String?) async throws -> Int {
        let names = try await self.names(destination, id)
        try await self.contents.retry(names)
        return names.count
    }

    func discard(_ destination: String, id: String?) async throws -> Int {
        let names = try await self.names(destination, id)
        try await self.contents.discard(names)
        return names.count
    }

    private func names(_ destination: String, _ id: String?) async throws -> [QuarantinedRecord.Name] {
        guard await self.contents.ledger().contains(where: { $0.destination == destination }) else {
            throw CommandError(
                "invalid",
                "There is no such destination.",
                hint: "See them with: cherry journal status"
            )
        }
        if let id { return [QuarantinedRecord.Name(destination: destination, id: id)] }
        return await self.contents.quarantined().filter { $0.destination == destination }.map(\.name)
    }
}

extension JournalAccountAnswer {
    init(_ ledger: JournalLedger) {
        self.init(
            destination: ledger.destination,
            removed: ledger.isRemoved,
            ledger: LedgerAnswer(
                produced: ledger.produced,
                sent: ledger.sent,
                queued: ledger.queued,
                quarantined: ledger.quarantined,
                dropped: ledger.dropped,
                balanced: ledger.isBalanced
            )
        )
    }
}
