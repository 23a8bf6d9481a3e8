import CherryCore
import Testing

@testable import CherryObservability

@Suite("Moments in Sentry's formats")
struct SentryTimeTests {
    @Test("Moments are written to the millisecond and read again")
    func roundTrip() {
        for milliseconds: Int64 in [0, 1, 999, 1_000, 59_999, 86_399_999, 86_400_000, 1_790_000_000_123] {
            let time = Timestamp(milliseconds: milliseconds)
            #expect(SentryTime.parse(SentryTime.text(time)) == time)
        }
        #expect(SentryTime.text(Timestamp(milliseconds: 1_581_084_960_005)) == "2020-02-07T14:16:00.005Z")
    }

    @Test("Fractions of other lengths are read")
    func fractions() {
        #expect(SentryTime.parse("1970-01-01T00:00:01Z")?.milliseconds == 1000)
        #expect(SentryTime.parse("1970-01-01T00:00:01.5Z")?.milliseconds == 1500)
        #expect(SentryTime.parse("1970-01-01T00:00:01.123456Z")?.milliseconds == 1123)
    }

    @Test(
        "What is no moment is none",
        arguments: [
            "", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T24:00:00Z", "1970-02-30T00:00:00Z",
            "1970-01-01T00:00:00.Z", "1970-01-01T0:00:00Z", "1970-01-01T00:00:00+01:00", "x1970-01-01T00:00:00Z",
            "1970-01-01T00:00:00.1234567890Z", "1970-01-01T-1:00:00Z",
        ]
    )
    func refusals(text: String) {
        #expect(SentryTime.parse(text) == nil)
    }
}
