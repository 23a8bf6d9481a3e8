import CherryCore
import Testing

@testable import CherryObservability

@Suite("Client reports")
struct ClientReportsTests {
    let now = Timestamp(milliseconds: 1_581_084_960_000)

    @Test("Losses are counted by reason and category")
    func counting() {
        var reports = ClientReports()
        #expect(reports.isEmpty)
        reports.count(.sendError, .error)
        reports.count(.sendError, .error, 2)
        reports.count(.queueOverflow, .session, 5)
        reports.count(.queueOverflow, .error, 0)
        #expect(
            reports.json(at: self.now).text
                == #"{"timestamp":"2020-02-07T14:16:00.000Z","discarded_events":["#
                + #"{"reason":"queue_overflow","category":"session","quantity":5},"#
                + #"{"reason":"send_error","category":"error","quantity":3}]}"#
        )
    }

    @Test("What was taken and did not arrive is given back, with what came since")
    func givingBack() {
        var reports = ClientReports()
        reports.count(.sendError, .error, 3)
        let taken = reports.take()
        #expect(reports.isEmpty)
        reports.count(.sendError, .error)
        reports.add(taken)
        #expect(reports.quantity(.sendError, .error) == 4)
    }

    @Test("The largest report fits into 4 KiB")
    func size() {
        var reports = ClientReports()
        for reason in ClientReports.Reason.allCases {
            for category in SentryCategory.allCases {
                reports.count(reason, category, .max)
                reports.count(reason, category, .max)
            }
        }
        #expect(reports.json(at: self.now).bytes.count <= 4096)
    }

    @Test("A browser's report is read without what is unknown or impossible")
    func reading() {
        let json: JSONValue = [
            "discarded_events": [
                ["reason": "cache_overflow", "category": "error", "quantity": 4],
                ["reason": "my secret", "category": "error", "quantity": 4],
                ["reason": "cache_overflow", "category": "hello@example.com", "quantity": 4],
                ["reason": "cache_overflow", "category": "session", "quantity": -1],
                ["reason": "cache_overflow", "category": "session", "quantity": "many"],
                "nothing",
            ]
        ]
        var expected = ClientReports()
        expected.count(.cacheOverflow, .error, 4)
        #expect(ClientReports(reading: json) == expected)
        #expect(ClientReports(reading: "x").isEmpty)
    }
}
