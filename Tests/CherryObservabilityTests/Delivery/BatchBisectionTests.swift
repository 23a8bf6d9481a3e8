import CherryJournal
import Testing

@testable import CherryObservability

@Suite("Finding what a server refuses")
struct BatchBisectionTests {
    /// Runs a bisection against a server that refuses whatever holds one of `bad`.
    private func run(_ count: Int, bad: Set<Int>, verdict: HTTPVerdict = .refused(reason: "http_400")) -> (
        outcomes: [DeliveryOutcome], requests: Int
    ) {
        var bisection = BatchBisection(count: count)
        var requests = 0
        while let range = bisection.next {
            requests += 1
            bisection.answered(bad.isDisjoint(with: range) ? .accepted : verdict)
        }
        return (bisection.result, requests)
    }

    @Test("What is good goes in one request")
    func good() {
        let (outcomes, requests) = self.run(1000, bad: [])
        #expect(outcomes == Array(repeating: .sent, count: 1000))
        #expect(requests == 1)
        #expect(self.run(0, bad: []).requests == 0)
    }

    @Test("One bad record is put aside alone, wherever it stands", arguments: [0, 1, 499, 500, 998, 999])
    func one(place: Int) {
        let (outcomes, requests) = self.run(1000, bad: [place])
        for index in 0..<1000 {
            #expect(outcomes[index] == (index == place ? .quarantine(reason: "http_400") : .sent))
        }
        #expect(requests <= 21)
    }

    @Test("Several bad ones are found too, and every record has an outcome", arguments: [1, 2, 3, 7, 8, 30])
    func several(count: Int) {
        let bad = Set(stride(from: 0, to: count, by: 2))
        let (outcomes, _) = self.run(count, bad: bad)
        for index in 0..<count {
            #expect(outcomes[index] == (bad.contains(index) ? .quarantine(reason: "http_400") : .sent))
        }
    }

    @Test("A batch that is bad all over ends early, with progress from the front; the rest is tried again")
    func allBad() {
        let (outcomes, requests) = self.run(1000, bad: Set(0..<1000))
        #expect(requests == BatchBisection.requestLimit)
        let decided = outcomes.prefix { $0 == .quarantine(reason: "http_400") }.count
        #expect(decided > 10)
        #expect(outcomes[decided...].allSatisfy { $0 == .retry(reason: "bisecting") })
    }

    @Test("What is too large is sent in parts, and put aside only when it stands alone")
    func tooLarge() {
        var bisection = BatchBisection(count: 8)
        while let range = bisection.next {
            bisection.answered(range.count > 2 ? .tooLarge(reason: "http_413") : .accepted)
        }
        #expect(bisection.result == Array(repeating: .sent, count: 8))
        #expect(
            self.run(1, bad: [0], verdict: .tooLarge(reason: "http_413")).outcomes == [.quarantine(reason: "http_413")]
        )
    }

    @Test("A server that wants no more now ends it: what is decided stays, the rest is tried again")
    func later() {
        var bisection = BatchBisection(count: 4)
        bisection.answered(.refused(reason: "http_400"))
        #expect(bisection.next == 0..<2)
        bisection.answered(.accepted)
        #expect(bisection.next == 2..<4)
        bisection.answered(.later(reason: "http_429", pause: .seconds(7)))
        #expect(bisection.next == nil)
        #expect(bisection.result == [.sent, .sent, .retry(reason: "http_429"), .retry(reason: "http_429")])
        #expect(bisection.pause == .seconds(7))
    }

    @Test("Answers for each item are taken as they are; of several pauses the longest counts")
    func items() {
        var bisection = BatchBisection(count: 4)
        bisection.answered(.tooLarge(reason: "http_413"))
        bisection.answered([.sent, .retry(reason: "item_429")], pause: .seconds(5))
        bisection.answered([.quarantine(reason: "item_400"), .sent], pause: .seconds(2))
        #expect(
            bisection.result == [.sent, .retry(reason: "item_429"), .quarantine(reason: "item_400"), .sent]
        )
        #expect(bisection.pause == .seconds(5))
    }
}
