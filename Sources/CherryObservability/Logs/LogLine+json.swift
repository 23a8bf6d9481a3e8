import CherryCore
import Logging

extension LogLine {
    /// The line as JSON without a line end or any space between: `time` (RFC 3339, UTC, microseconds), `level`, `logger`,
    /// `module`, `role`, `message`, then the fields of the metadata. `docs/observability.md` describes them; names do not
    /// change.
    ///
    /// This is what standard error, the journal and the web app are given; `DeliveredLine` reads it.
    public var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(384)
        bytes.append(#"{"time":""#)
        self.time.write(to: &bytes)
        bytes.append(#"","level":""#)
        bytes += self.level.rawValue.utf8
        bytes.append(#"","logger":"#)
        bytes.appendJSON(self.logger)
        bytes.append(#","module":"#)
        bytes.appendJSON(self.module)
        bytes.append(#","role":"#)
        bytes.appendJSON(self.role)
        bytes.append(#","message":"#)
        bytes.appendJSON(self.message)
        for field in self.fields {
            bytes += field.key.member
            switch field.value {
            case .text(let text): bytes.appendJSON(text)
            case .integer(let number): bytes += String(number).utf8
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
