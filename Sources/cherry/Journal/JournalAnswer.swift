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

/// What became of everything that a destination was to be sent.
struct JournalAccountAnswer: Decodable {
    let destination: String
    let removed: Bool
    let produced: UInt64
    let sent: UInt64
    let queued: UInt64
    let quarantined: UInt64
    let dropped: [String: UInt64]
    let balanced: Bool

    /// In a line.
    var words: String {
        let dropped = self.dropped.sorted { $0.key < $1.key }.map { "\($0.value) (\($0.key))" }
        return """
            \(self.destination)\(self.removed ? " (removed)" : ""): \(self.produced) produced = \(self.sent) sent + \
            \(self.queued) queued + \(self.quarantined) in quarantine + \
            dropped \(dropped.isEmpty ? "0" : dropped.joined(separator: ", "))\(self.balanced ? "" : "  DOES NOT ADD UP")
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
