import CherryCore
import CherryJournal
import Logging
import Testing

@testable import CherryObservability

@Suite("Log lines")
struct LogLineTests {
    @Test("A line reads as it was written, whatever is in it")
    func roundTrip() throws {
        let nasty = "q\"uo\\te \u{0} \u{1b}[2J \u{2066}x\u{2069} \u{feff} 🍒 \u{fffd}"
        for level in Logger.Level.allCases {
            let line = LogLine(
                time: LogTime(microseconds: 1_769_860_800_123_456),
                level: level,
                logger: nasty,
                module: nasty,
                message: nasty,
                role: "api",
                fields: [(.requestID, .text("r-1")), (.httpStatus, .integer(200)), (.attempt, .integer(-3))]
            )
            let json = try JSONValue(parsing: line.json)
            #expect(!line.json.contains { $0 < 0x20 })
            let delivered = try #require(DeliveredLine(.init(line, number: 1)))
            #expect(delivered.time == line.time && delivered.level == level)
            let fields = Array(delivered.fields(from: .sample).dropLast(4))
            #expect(fields.map(\.name) == Array(try #require(json.object).keys.dropFirst()))
            #expect(fields.map(\.value.json) == json.object?.dropFirst().map(\.value))
            #expect(fields.first { $0.name == "message" }?.value == .text(line.message))
        }
    }

    @Test("Fields stand in the order of their keys, and of two with one key the last counts")
    func order() {
        let line = LogLine.sample(fields: [
            (.traceID, .text("t")), (.attempt, .integer(1)), (.kind, .text("a")), (.kind, .text("b")),
        ])
        #expect(line.fields.map(\.key) == [.attempt, .kind, .traceID])
        #expect(line[.kind] == .text("b"))
    }

    @Test("Long texts are cut at a whole character, with a mark")
    func cut() {
        let line = LogLine.sample(message: String(repeating: "ü", count: 400))
        #expect(line.message.utf8.count <= LogLine.messageLimit)
        #expect(line.message.hasSuffix("üü…"))
    }

    private func read(_ json: [UInt8]) -> DeliveredLine? {
        let entry = JournalEntry(kind: .log, at: Timestamp(milliseconds: 0), payload: json)
        return DeliveredLine(JournalRecord(number: 1, entry: entry))
    }

    @Test("A line of another version is read with what it has")
    func otherVersion() throws {
        let text = #"""
            {"time":"2026-01-31T12:00:00.000001Z","level":"info","logger":"cherry","message":"m","new":"x",\#
            "http_status":-200}
            """#
        let line = try #require(self.read(Array(text.utf8)))
        #expect(line["new"].map { String(decoding: $0, as: UTF8.self) } == "x")
        #expect(line["http_status"] == nil && line["none"] == nil)
        #expect(line.fields(from: .sample).contains { $0.name == "http_status" && $0.value == .integer(-200) })
        #expect(String(decoding: line.rest, as: UTF8.self) == text.dropFirst(38).dropLast())
    }

    @Test("What is cut short, nested or no line is not read")
    func noLines() {
        let json = LogLine.sample(fields: [(.kind, .text("a")), (.httpStatus, .integer(200))]).json
        #expect(self.read(json) != nil)
        for count in json.indices { #expect(self.read(Array(json[..<count])) == nil) }
        #expect(self.read(json + [0x20]) == nil)
        let text = String(decoding: json, as: UTF8.self)
        for (old, new) in [
            ("\"info\"", "\"loud\""), ("\"info\"", "1"), ("\"info\"", "{}"), ("\"a\"", "[1]"), ("\"a\"", "null"),
            (":200", ":2e2"), (":200", ":-"), (":200", ":12345678901234567890"), ("time", "time2"), ("\":", "\" :"),
            ("2026", "202x"), ("logger", "log"), ("message", "text"), ("\"a\"", "\"a\\\""), ("\"a\"", "\"\n\""),
        ] {
            #expect(self.read(Array(text.replacing(old, with: new).utf8)) == nil, "\(old) as \(new)")
        }
        for text in ["[]", "null", "{}", "", #"{"time":{"a":1}}"#] { #expect(self.read(Array(text.utf8)) == nil) }
    }

    @Test(
        "Times are written in UTC with microseconds and read again",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (1_769_860_800_000_001, "2026-01-31T12:00:00.000001Z"),
            (951_782_399_999_999, "2000-02-28T23:59:59.999999Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        ]
    )
    func times(_ microseconds: Int64, _ text: String) {
        #expect(LogTime(microseconds: microseconds).text == text)
        #expect(LogTime(text: Array(text.utf8)[...])?.microseconds == microseconds)
    }

    @Test("A time before 1970 is written as such")
    func early() {
        #expect(LogTime(microseconds: -1).text == "1969-12-31T23:59:59.999999Z")
        #expect(LogTime(microseconds: -1).timestamp.milliseconds == -1)
    }

    @Test(
        "Other spellings of times are not read",
        arguments: [
            "", "2026-01-31T12:00:00Z", "2026-02-30T12:00:00.000000Z", "2026-01-31T24:00:00.000000Z",
            "2026-01-31t12:00:00.000000Z", "2026-01-31T12:60:00.000000Z", "2026-01-31T12:00:00.00000aZ",
            "2026-01-31T12:00:00.000000+", "1969-12-31T23:59:59.999999Z",
        ]
    )
    func noTimes(_ text: String) { #expect(LogTime(text: Array(text.utf8)[...]) == nil) }

    @Test("Keys are sorted by name, each with a field of its own")
    func keys() {
        let keys = LogKey.allCases.map(\.key)
        #expect(keys == keys.sorted())
        #expect(Set(LogKey.allCases.map(\.field)).count == keys.count)
        for key in LogKey.allCases {
            #expect(LogKey(key: key.key) == key)
        }
        let taken: Set = ["time", "@timestamp", "level", "logger", "module", "role", "message", "service", "version"]
        #expect(taken.isDisjoint(with: LogKey.allCases.map(\.field)))
    }

    @Test(
        "No rule has room for what a person writes",
        arguments: [
            "dear diary, today", "anna@example.org", "/home/anna/letter.txt", "https://example.org/?q=x",
            "sk-ant-api03-\(String(repeating: "x", count: 80))", "línea", "a\nb", "",
        ]
    )
    func rules(_ text: String) {
        for rule in [LogValueRule.word, .integer, .hexadecimal(16), .hexadecimal(32)] {
            #expect(rule.value(text) == nil, "\(rule)")
        }
        #expect(LogValueRule.method.value(text) == .text("other"))
    }

    @Test("JSON and text are chosen by the setting and the terminal")
    func formats() {
        #expect(!LogFormat.text.isJSON(onTerminal: false))
        #expect(LogFormat.json.isJSON(onTerminal: true))
        #expect(LogFormat.auto.isJSON(onTerminal: false))
        #expect(!LogFormat.auto.isJSON(onTerminal: true))
    }
}

extension LogLine {
    subscript(key: LogKey) -> LogValue? { self.fields.first { $0.key == key }?.value }

    /// A line with something in each place.
    static func sample(
        time: Int64 = 1_769_860_800_000_001,
        level: Logger.Level = .info,
        module: String = "CherryAPI",
        message: String = "request",
        fields: [(key: LogKey, value: LogValue)] = []
    ) -> LogLine {
        LogLine(
            time: LogTime(microseconds: time),
            level: level,
            logger: "cherry",
            module: module,
            message: message,
            role: "all",
            fields: fields
        )
    }
}
