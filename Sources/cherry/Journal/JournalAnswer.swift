import CherryCore

/// `GET /api/v1/journal`.
struct JournalAnswer: Decodable {
    struct Findings: Decodable {
        let tornBytes: Int
        let damagedRecords: Int
        let isRebuilt: Bool
    }

    let bytes: Int
    let limit: Int
    let findings: Findings
    let destinations: [JournalAccountAnswer]
}

/// A destination's account: in one object with its ledger.
struct JournalAccountAnswer: Decodable {
    private enum CodingKeys: CodingKey {
        case destination, removed
    }

    let destination: String
    let removed: Bool
    let ledger: LedgerAnswer

    init(destination: String, removed: Bool, ledger: LedgerAnswer) {
        self.destination = destination
        self.removed = removed
        self.ledger = ledger
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.destination = try container.decode(String.self, forKey: .destination)
        self.removed = try container.decode(Bool.self, forKey: .removed)
        self.ledger = try LedgerAnswer(from: decoder)
    }

    /// In a line.
    var words: String {
        let dropped = self.ledger.dropped.sorted { $0.key < $1.key }.map { "\($0.value) (\($0.key))" }
        return """
            \(self.destination)\(self.removed ? " (removed)" : ""): \(self.ledger.produced) produced = \
            \(self.ledger.sent) sent + \(self.ledger.queued) queued + \(self.ledger.quarantined) in quarantine + \
            dropped \(dropped.isEmpty ? "0" : dropped.joined(separator: ", "))\
            \(self.ledger.balanced ? "" : "  DOES NOT ADD UP")
            """
    }
}

/// `POST /api/v1/journal/drain`.
struct JournalDrainAnswer: Decodable {
    let destinations: [JournalAccountAnswer]
}

/// `POST /api/v1/journal/verify`.
struct JournalVerificationAnswer: Decodable {
    let sound: Bool
    let records: Int
    let damaged: Int
    let unsealed: Int
    let destinations: [JournalAccountAnswer]
}

/// One of `GET /api/v1/journal/quarantine`.
struct QuarantinedRecordAnswer: Decodable {
    let destination: String
    let id: String
    let kind: String
    let at: Timestamp?
    let reason: String
}

/// What retrying and discarding answer.
struct JournalCountAnswer: Decodable {
    let records: Int
}
