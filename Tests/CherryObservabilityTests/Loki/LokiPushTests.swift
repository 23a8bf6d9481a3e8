import CherryCore
import Logging
import Testing

@testable import CherryObservability

@Suite("The body of a push to Loki")
struct LokiPushTests {
    private func entry(_ line: LogLine, nanoseconds: Int64) throws -> LokiEntry {
        let line = try #require(DeliveredLine(.init(line, number: 1)))
        return LokiEntry(line, stream: .init(line), nanoseconds: nanoseconds)
    }

    @Test("Lines stand by stream with few labels; ids stand beside the line")
    func golden() throws {
        let plain = try self.entry(.sample(message: "a"), nanoseconds: 5)
        let warning = try self.entry(
            .sample(level: .warning, message: "b", fields: [(.requestID, .text("r-1"))]),
            nanoseconds: 6
        )
        let body = String(decoding: LokiPush.body([plain, warning, plain], from: .sample), as: UTF8.self)
        let labels = { (level: String) in
            #"{"service":"cherry","level":"\#(level)","role":"all","environment":"test","instance":"box"}"#
        }
        let line = { (level: String, rest: String) in
            #"{\"time\":\"2026-01-31T12:00:00.000001Z\",\"level\":\"\#(level)\",\"logger\":\"cherry\","#
                + #"\"module\":\"CherryAPI\",\"role\":\"all\",\"message\":\#(rest)}"#
        }
        #expect(
            body == #"{"streams":[{"stream":"# + labels("info")
                + #","values":[["5",""# + line("info", #"\"a\""#) + #""],["5",""# + line("info", #"\"a\""#) + #""]]},"#
                + #"{"stream":"# + labels("warning")
                + #","values":[["6",""# + line("warning", #"\"b\",\"request_id\":\"r-1\""#)
                + #"",{"request_id":"r-1"}]]}]}"#
        )
    }

    @Test("A line that is too long is cut at a whole character, with a mark", arguments: 8...40)
    func cut(limit: Int) {
        let text = Array("aü日本🍒bcdefghijklmnopqrstuvwxyz and so on".utf8)
        let cut = LokiEntry.cut(text, limit: limit)
        #expect(cut.count <= limit)
        #expect(String(validating: cut, as: UTF8.self) != nil)
        #expect(String(decoding: cut, as: UTF8.self).hasSuffix("…[cut]"))
        #expect(LokiEntry.cut(text, limit: text.count) == text)
    }

    @Test("Times in a stream only grow, by the least that is needed")
    func clock() {
        var clock = LokiStreamClock()
        let times = [1, 1, 1, 2, 1, 3].map { clock.nanoseconds(for: LogTime(microseconds: $0)) }
        #expect(times == [1000, 1001, 1002, 2000, 2001, 3000])
    }

    @Test("Each stream has a clock of its own, which goes on")
    func clocks() throws {
        let streams = try [LogLine.sample(level: .info), .sample(level: .error)].map { line in
            LokiEntry.Stream(try #require(DeliveredLine(.init(line, number: 1))))
        }
        var clocks = LokiClocks()
        #expect(clocks[streams[0]].last == nil)
        let times = [0, 1, 0, 1, 1].map { clocks[streams[$0]].nanoseconds(for: LogTime(microseconds: 1)) }
        #expect(times == [1000, 1000, 1001, 1001, 1002])
        clocks[streams[0]].last = 5
        #expect(clocks[streams[0]].last == 5)
        #expect(clocks[streams[1]].last == 1002)
    }

    @Test("A clock that was set back is followed")
    func setBack() {
        var clock = LokiStreamClock(last: 100_000_000_000)
        #expect(clock.nanoseconds(for: LogTime(microseconds: 95_000_000)) == 100_000_000_001)
        #expect(clock.nanoseconds(for: LogTime(microseconds: 50_000_000)) == 50_000_000_000)
    }
}
