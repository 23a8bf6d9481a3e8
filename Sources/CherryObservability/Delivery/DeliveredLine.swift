import CherryJournal
import Logging

/// A record of the journal that is a line of the log, with what destinations say of it besides.
struct DeliveredLine: Sendable, Hashable {
    /// Of the record: the same for every attempt.
    let id: String
    let line: LogLine

    /// - Returns: `nil` when the payload is no line.
    init?(_ record: JournalRecord) {
        guard let line = LogLine(json: record.entry.payload) else { return nil }
        self.id = record.id
        self.line = line
    }

    /// The fields in the order of the JSON form, without the time, and then who speaks.
    func fields(from identity: ServiceIdentity) -> [(name: String, value: LogValue)] {
        var fields: [(name: String, value: LogValue)] = [
            ("level", .text(self.line.level.rawValue)), ("logger", .text(self.line.logger)),
            ("module", .text(self.line.module)), ("role", .text(self.line.role)),
            ("message", .text(self.line.message)),
        ]
        fields += self.line.fields.map { ($0.key.field, $0.value) }
        fields += [
            ("service", .text(identity.service)), ("version", .text(identity.version)),
            ("environment", .text(identity.environment)), ("instance", .text(identity.instance)),
        ]
        return fields
    }
}
