import CherryCore

/// Writes events that are counted, each with its own name in `type`.
struct NumberedEvents: Sendable {
    /// Whether anything is written at all: an answer told whole takes the same way without its events.
    let areWritten: Bool
    private var next: Int64 = 0

    init(areWritten: Bool) { self.areWritten = areWritten }

    /// Counts events that somebody else wrote.
    mutating func skip(_ count: Int) { self.next += Int64(count) }

    mutating func event(_ type: StaticString, _ members: @autoclosure () -> JSONObject) -> [UInt8] {
        guard self.areWritten else { return [] }
        defer { self.next += 1 }
        var value = JSONObject([("type", .string("\(type)")), ("sequence_number", .integer(self.next))])
        for (key, member) in members() { value[key] = member }
        return EventBytes.event(type, .object(value))
    }
}
