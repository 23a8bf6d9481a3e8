import CherryCore
import CherryJournal

/// The journal as it is now: every account and the room that it takes. Nothing of what it keeps is in it.
struct JournalView: Encodable {
    /// A destination's account, in one object with its ledger.
    struct Account: Encodable {
        private enum CodingKeys: CodingKey {
            case destination, removed
        }

        private let ledger: JournalLedger

        init(_ ledger: JournalLedger) { self.ledger = ledger }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(self.ledger.destination, forKey: .destination)
            try container.encode(self.ledger.isRemoved, forKey: .removed)
            try LedgerView(self.ledger).encode(to: encoder)
        }
    }

    /// What was found when it was opened.
    struct Findings: Encodable {
        let tornBytes: Int
        let damagedRecords: Int
        let isRebuilt: Bool
    }

    let bytes: Int
    let limit: Int
    let findings: Findings
    let destinations: [Account]

    init(_ journal: Journal) async {
        let size = await journal.size
        self.bytes = size.bytes
        self.limit = size.limit
        self.findings = Findings(journal.findings)
        self.destinations = await journal.ledger().map(Account.init)
    }
}

extension JournalView.Findings {
    init(_ findings: JournalFindings) {
        self.tornBytes = findings.tornBytes
        self.damagedRecords = findings.damagedRecords
        self.isRebuilt = findings.isRebuilt
    }
}

/// What is left after waiting.
struct JournalDrainView: Encodable {
    let destinations: [JournalView.Account]
}

/// What reading everything brought to light.
struct JournalVerificationView: Encodable {
    let sound: Bool
    let records: Int
    let damaged: Int
    let unsealed: Int
    /// Whose figures are not those of the files; `segments` for the heads of the segments.
    let wrongFigures: [String]
    let destinations: [JournalView.Account]

    init(_ result: JournalVerification) {
        self.sound = result.isSound
        self.records = result.records
        self.damaged = result.damaged
        self.unsealed = result.unsealed
        self.wrongFigures = result.problems.map { problem in
            switch problem {
            case .figures: "segments"
            case .counts(let destination), .ledger(let destination): destination
            }
        }
        self.destinations = result.ledger.map(JournalView.Account.init)
    }
}

/// A record in quarantine, without its content.
struct QuarantinedRecordView: Encodable {
    let destination: String
    let id: String
    let kind: String
    let at: Timestamp?
    let reason: String
    let bytes: Int

    init(_ record: QuarantinedRecord) {
        self.destination = record.destination
        self.id = record.id
        self.kind = "\(record.kind)"
        self.at = record.at
        self.reason = record.reason
        self.bytes = record.bytes
    }
}

/// How many records something was done to.
struct JournalCountView: Encodable {
    let records: Int
}
