import CherryCore
import CherryJournal

@testable import CherryObservability

extension ServiceIdentity {
    static let sample = ServiceIdentity(
        service: "cherry",
        version: "1.2.3",
        role: "all",
        environment: "test",
        instance: "box"
    )
}

extension JournalRecord {
    /// Records that are lines, one microsecond apart.
    static func samples(_ count: Int) -> [JournalRecord] {
        (0..<count).map { number in
            let line = LogLine.sample(
                time: 1_769_860_800_000_000 + Int64(number),
                message: "line \(number)",
                fields: [(.httpStatus, .integer(200)), (.requestID, .text("r-\(number)"))]
            )
            return JournalRecord(line, number: UInt128(0x1000 + number))
        }
    }

    init(_ line: LogLine, number: UInt128) {
        self.init(number: number, entry: JournalEntry(kind: .log, at: line.time.timestamp, payload: line.json))
    }
}

extension [JournalRecord] {
    static func samples(_ count: Int) -> [JournalRecord] { JournalRecord.samples(count) }
}
