import CherryCore
import CherryJournal
import Logging

/// A record of the journal that is a line of the log: its JSON, and where in it everything stands.
///
/// Destinations copy from the JSON instead of taking it apart: there is nothing in it that they do not get.
struct DeliveredLine: Sendable {
    /// One member of the line, by its places in the JSON.
    struct Member: Sendable {
        let name: Range<Int>
        /// Of a text without its quotation marks, escaped as it stands.
        let value: Range<Int>
        let isText: Bool
    }

    private let number: UInt128
    /// What `LogLine.json` wrote.
    let json: [UInt8]
    let time: LogTime
    let level: Logger.Level
    /// In the order in which they stand, the time first.
    let members: [Member]

    /// - Returns: `nil` when the payload is no line as `LogLine.json` writes it. Names that only another version knows are
    ///   taken.
    init?(_ record: JournalRecord) {
        guard let members = LogLineScan.members(of: record.entry.payload) else { return nil }
        let json = record.entry.payload
        guard let first = members.first, json.has("time", at: first.name), let time = LogTime(text: json[first.value]),
            let level = members.text("level", of: json).flatMap({
                Logger.Level(rawValue: String(decoding: json[$0], as: UTF8.self))
            }),
            members.text("logger", of: json) != nil, members.text("message", of: json) != nil
        else { return nil }
        self.number = record.number
        self.json = json
        self.time = time
        self.level = level
        self.members = members
    }

    /// Of the record: the same for every attempt.
    var id: String { self.number.hexadecimal }

    /// The content of a text, escaped as JSON has it; `nil` when there is none of that name.
    subscript(_ name: StaticString) -> ArraySlice<UInt8>? {
        self.members.text(name, of: self.json).map { self.json[$0] }
    }

    /// The members after the time as they stand, with the commas between them.
    var rest: ArraySlice<UInt8> {
        guard self.members.count > 1 else { return [] }
        return self.json[(self.members[1].name.lowerBound - 1)..<(self.json.count - 1)]
    }

    /// The members after the time, and then who speaks.
    func fields(from identity: ServiceIdentity) -> [(name: String, value: LogValue)] {
        let own = self.members.dropFirst().map { member in
            (name: String(decoding: self.json[member.name], as: UTF8.self), value: self.value(of: member))
        }
        return own + identity.fields
    }

    private func value(of member: Member) -> LogValue {
        let bytes = self.json[member.value]
        if !member.isText { return .integer(Int64(String(decoding: bytes, as: UTF8.self)) ?? 0) }
        guard bytes.contains(UInt8(ascii: "\\")) else { return .text(String(decoding: bytes, as: UTF8.self)) }
        let quoted = self.json[(member.value.lowerBound - 1)...member.value.upperBound]
        // What was scanned is a text in JSON.
        return .text((try? JSONValue(parsing: Array(quoted)))?.string ?? "")
    }
}

extension ServiceIdentity {
    /// What destinations are told of who wrote a line.
    var fields: [(name: String, value: LogValue)] {
        [
            ("service", .text(self.service)), ("version", .text(self.version)),
            ("environment", .text(self.environment)), ("instance", .text(self.instance)),
        ]
    }
}

extension [DeliveredLine.Member] {
    /// Where the content of a text is.
    fileprivate func text(_ name: StaticString, of json: [UInt8]) -> Range<Int>? {
        self.first { $0.isText && json.has(name, at: $0.name) }?.value
    }
}

extension [UInt8] {
    /// Whether words of the code are there.
    fileprivate func has(_ word: StaticString, at place: Range<Int>) -> Bool {
        // Every line is asked this dozens of times, and most words differ in length.
        guard place.count == word.utf8CodeUnitCount else { return false }
        let word = UnsafeBufferPointer(start: word.utf8Start, count: place.count)
        return self.withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0[place]).elementsEqual(word) }
    }
}
