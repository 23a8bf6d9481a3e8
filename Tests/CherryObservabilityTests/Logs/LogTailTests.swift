import Logging
import Testing

@testable import CherryObservability

@Suite("The last lines of the log")
struct LogTailTests {
    private func tail(_ count: Int, capacity: Int = 4) -> LogTail {
        let tail = LogTail(capacity: capacity)
        for number in 0..<count { tail.append(.sample(message: "m\(number + 1)")) }
        return tail
    }

    @Test("The newest are kept, in order, with their positions", arguments: 0...13)
    func ring(count: Int) {
        let entries = self.tail(count).entries(limit: 10)
        let kept = Array(max(1, count - 3)..<max(1, count + 1))
        #expect(entries.map(\.position) == kept.map(Int64.init))
        #expect(entries.map(\.line.message) == kept.map { "m\($0)" })
    }

    @Test("A limit takes the newest; a place before and a place after bound them")
    func bounds() {
        let tail = self.tail(6)
        #expect(tail.entries(limit: 2).map(\.position) == [5, 6])
        #expect(tail.entries(before: 6, limit: 2).map(\.position) == [4, 5])
        #expect(tail.entries(after: 5, limit: 9).map(\.position) == [6])
        #expect(tail.entries(after: 9, limit: 9).isEmpty)
        #expect(tail.entries(before: 1, limit: 9).isEmpty)
        #expect(tail.last == 6)
    }

    @Test("Lines are found by level, by label or module, and by words in whatever case")
    func filter() {
        let line = LogLine.sample(level: .warning, message: "It Broke", fields: [(.httpStatus, .integer(503))])
        #expect(LogFilter(level: .warning).matches(line))
        #expect(!LogFilter(level: .error).matches(line))
        #expect(LogFilter(label: "cherry").matches(line))
        #expect(LogFilter(label: "CherryAPI").matches(line))
        #expect(!LogFilter(label: "API").matches(line))
        #expect(LogFilter(text: "it broke").matches(line))
        #expect(LogFilter(text: "HTTP.STATUS=503").matches(line))
        #expect(!LogFilter(text: "it  broke").matches(line))
        #expect(LogFilter(text: "").matches(line))
    }

    @Test("Who follows gets what was since a place, then what comes, each once")
    func following() async {
        let tail = self.tail(3)
        var lines = tail.follow(after: 1).makeAsyncIterator()
        tail.append(.sample(message: "m4"))
        for position in Int64(2)...4 { #expect(await lines.next()?.position == position) }
    }

    @Test("Who follows from a place before a restart gets everything that is there")
    func restart() async {
        var lines = self.tail(2).follow(after: 900).makeAsyncIterator()
        #expect(await lines.next()?.position == 1)
    }

    @Test("A slow follower loses the oldest lines, and the positions show it")
    func slow() async {
        let tail = LogTail(capacity: 4)
        var lines = tail.follow(after: 0).makeAsyncIterator()
        for _ in 0..<LogTail.waiting + 10 { tail.append(.sample()) }
        #expect(await lines.next()?.position == 11)
    }
}
