import CherryCore
import CherryJournal
import CherryVault

/// One run of the driver. Every line that it prints says what has happened by then.
struct Drive {
    let folder: String
    /// Makes this run's records other than those of every other run.
    let number: Int
    let sealer: any OperationsSealer

    init(folder: String, number: Int) throws {
        self.folder = folder
        self.number = number
        self.sealer = try OperationsKey(.keyFile(path: "\(folder)/../key/operations.key", dataDirectory: folder))
    }

    private var destinations: [ScriptedDestination] {
        [
            ScriptedDestination("all", Set(JournalKind.allCases), seed: 1),
            ScriptedDestination("alerts", [.alert, .event], seed: 2),
        ]
    }

    private func open() async throws -> Journal {
        var configuration = JournalConfiguration(folder: self.folder)
        configuration.segmentSize = 32 << 10
        configuration.sizeLimit = 16 << 20
        configuration.linger = .milliseconds(2)
        configuration.patience = .milliseconds(50)
        configuration.clock = HastyClock()
        return try await Journal(configuration, sealer: self.sealer)
    }

    private func entry(_ text: String, _ kind: JournalKind, _ length: Int) -> JournalEntry {
        let payload = Array((text + " " + String(repeating: ".", count: length)).utf8)
        return JournalEntry(kind: kind, at: .now, payload: payload)
    }

    /// Appends from several sides and delivers until somebody ends the process.
    func endure() async throws {
        let journal = try await self.open()
        try await self.report(journal)
        try await journal.register(self.destinations)
        Output.line("begun")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await JournalDelivery(journal, to: self.destinations).run() }
            for side in 0..<4 {
                group.addTask {
                    for count in 0... {
                        await self.append(journal, "\(self.number)-\(side)-\(count)", size: 1 + count % 5)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func append(_ journal: Journal, _ name: String, size: Int) async {
        let kinds = JournalKind.allCases
        let entries = (0..<size).map { part in
            self.entry("\(name)-\(part)", kinds[(name.utf8.count + part / 3 + size) % kinds.count], part * 90)
        }
        let texts = (0..<size).map { "\(name)-\($0)" }.joined(separator: " ")
        Output.line("tried \(texts)")
        do {
            try await journal.append(entries)
            Output.line("kept \(texts)")
        } catch {
            Output.line("error \((error as? any CherryError)?.codeName ?? "\(error)")")
        }
    }

    /// A short life with a bit of everything, always the same.
    func takeSteps() async throws {
        let journal = try await self.open()
        try await journal.register(self.destinations)
        for count in 0..<12 {
            await self.append(journal, "\(self.number)-s-\(count)", size: 1 + count * 3)
            if count == 6 { await self.deliver(journal) }
        }
        Output.line("tried \(self.number)-q-0-0")
        journal.enqueue(self.entry("\(self.number)-q-0-0", .debugLog, 100))
        await self.deliver(journal)
        for record in await journal.quarantined().prefix(2) {
            do {
                try await journal.retry([record.name])
            } catch {
                Output.line("error \((error as? any CherryError)?.codeName ?? "\(error)")")
            }
        }
        await self.deliver(journal)
        for line in await journal.ledger() where !line.isBalanced { Output.line("unbalanced \(line)") }
        try await journal.close()
        Output.line("done")
    }

    /// Delivers until nothing is queued, at most for a while.
    private func deliver(_ journal: Journal) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await JournalDelivery(journal, to: self.destinations).run()
                } catch {
                    Output.line("error \((error as? any CherryError)?.codeName ?? "\(error)")")
                }
            }
            group.addTask {
                _ = await journal.drain(atMost: .seconds(2000))
                return
            }
            await group.next()
            group.cancelAll()
        }
    }

    func inspect() async throws {
        let journal = try await self.open()
        try await self.report(journal)
        try await journal.close()
    }

    func drain() async throws {
        let journal = try await self.open()
        try await self.report(journal)
        await self.deliver(journal)
        Output.line("drained")
        try await self.report(journal)
        for record in await journal.quarantined() { Output.line("quarantined \(record.destination) \(record.id)") }
        try await journal.close()
    }

    private func report(_ journal: Journal) async throws {
        let findings = journal.findings
        Output.line(
            "found \(findings.tornBytes) \(findings.damagedRecords) \(findings.guessedKinds) \(findings.isRebuilt)"
        )
        for line in await journal.ledger() {
            let dropped = line.dropped.values.reduce(0, +)
            Output.line(
                """
                ledger \(line.destination) \(line.produced) \(line.sent) \(line.queued) \(line.quarantined) \(dropped) \
                \(line.isBalanced)
                """
            )
        }
        let verification = try await journal.verify()
        Output.line("verified \(verification.isSound) \(verification.problems)")
    }
}
