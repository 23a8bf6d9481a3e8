import CherryCore
import Logging

extension LogLine {
    /// The line as JSON without a line end: `time` (RFC 3339, UTC, microseconds), `level`, `logger`, `module`, `role`,
    /// `message`, then the fields of the metadata. `docs/observability.md` describes them; names do not change.
    ///
    /// This is what standard error, the journal and the web app are given.
    public var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320)
        bytes += #"{"time":""#.utf8
        bytes += self.time.bytes
        bytes += #"","level":""#.utf8
        bytes += self.level.rawValue.utf8
        bytes += #"","logger":"#.utf8
        JSONValue.string(self.logger).write(to: &bytes)
        bytes += #","module":"#.utf8
        JSONValue.string(self.module).write(to: &bytes)
        bytes += #","role":"#.utf8
        JSONValue.string(self.role).write(to: &bytes)
        bytes += #","message":"#.utf8
        JSONValue.string(self.message).write(to: &bytes)
        for field in self.fields {
            bytes += #",""#.utf8
            bytes += field.key.field.utf8
            bytes += #"":"#.utf8
            field.value.json.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Reads a line that `json` wrote. Fields that are not known, or break their rule, are left out, so that a line
    /// written by another version can be read.
    ///
    /// - Returns: `nil` when it is no line.
    public init?(json bytes: [UInt8]) {
        guard let object = try? JSONValue(parsing: bytes, maximumDepth: 1).object,  // not JSON: no line either
            let time = object["time"]?.string.flatMap(LogTime.init(text:)),
            let level = object["level"]?.string.flatMap(Logger.Level.init(rawValue:)),
            let logger = object["logger"]?.string, let message = object["message"]?.string
        else { return nil }
        let fields = object.compactMap { name, value -> (key: LogKey, value: LogValue)? in
            guard let key = LogKey(field: name), let text = value.string ?? value.integer.map(String.init) else {
                return nil
            }
            return key.rule.value(text).map { (key, $0) }
        }
        self.init(
            time: time,
            level: level,
            logger: logger,
            module: object["module"]?.string ?? "",
            message: message,
            role: object["role"]?.string ?? "",
            fields: fields
        )
    }
}
