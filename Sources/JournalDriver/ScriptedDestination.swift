import CherryJournal
import Synchronization

/// Prints what it is sent and answers by the dice, the same for the same record and attempt: most records are taken,
/// some are put off, some refused for good, some to be thrown away.
final class ScriptedDestination: JournalDestination {
    let name: String
    let kinds: Set<JournalKind>
    let limits = DeliveryLimits(records: 64, bytes: 1 << 16)
    private let seed: UInt64
    private let attempts = Mutex<[String: UInt64]>([:])

    init(_ name: String, _ kinds: Set<JournalKind>, seed: UInt64) {
        self.name = name
        self.kinds = kinds
        self.seed = seed
    }

    func deliver(_ records: [JournalRecord]) async -> Delivery {
        var lines: [String] = []
        let outcomes = records.map { record -> DeliveryOutcome in
            let text = String(decoding: record.entry.payload.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
            let attempt = self.attempts.withLock { attempts in
                attempts[record.id, default: 0] += 1
                return attempts[record.id, default: 0]
            }
            var hash = self.seed &+ attempt
            for byte in record.id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            switch (hash >> 24) % 100 {
            case 0..<4:
                lines.append("refused \(self.name) \(record.id) \(text)")
                return .quarantine(reason: "http_400")
            case 4..<6:
                lines.append("dropped \(self.name) \(record.id) \(text)")
                return .drop(reason: "http_429")
            case 6..<12 where attempt < 3: return .retry(reason: "http_500")
            default:
                lines.append("received \(self.name) \(record.id) \(text)")
                return .sent
            }
        }
        if !lines.isEmpty { Output.line(lines.joined(separator: "\n")) }
        return Delivery(outcomes)
    }
}
