import Foundation
import Testing

@testable import CherryBridge

@Suite("Retry-After")
struct RetryAfterTests {
    /// 2026-11-24T10:00:00Z.
    private let now = Date(timeIntervalSince1970: 1_795_514_400)

    @Test(
        "Seconds and dates become a wait between nothing and a day",
        arguments: [
            ("7", 7), (" 0 ", 0), ("1.2", 2), ("-5", 0), ("1e300", 86_400), ("inf", 86_400),
            ("Tue, 24 Nov 2026 10:01:30 GMT", 90), ("Tue, 24 Nov 2026 09:00:00 GMT", 0),
            ("Thu, 24 Nov 2033 09:00:00 GMT", 86_400),
        ]
    )
    func waits(text: String, seconds: Int) {
        #expect(RetryAfter.duration(text, now: self.now) == .seconds(seconds))
    }

    @Test("What is neither says nothing", arguments: ["", "nan", "soon", "Tue, 99 Nov 2026", "12 o'clock"])
    func nonsense(text: String) {
        #expect(RetryAfter.duration(text, now: self.now) == nil)
    }
}
