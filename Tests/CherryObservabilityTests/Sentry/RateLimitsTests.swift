import CherryCore
import Testing

@testable import CherryObservability

@Suite("Rate limits of a Sentry server")
struct RateLimitsTests {
    let now = Timestamp(milliseconds: 1_790_000_000_000)

    func limits(_ status: Int, _ header: String? = nil, retryAfter: String? = nil) -> RateLimits {
        var limits = RateLimits()
        limits.note(status: status, header: header, retryAfter: retryAfter, now: self.now)
        return limits
    }

    func seconds(_ limits: RateLimits, _ category: SentryCategory) -> Int64? {
        limits.end(for: category, now: self.now).map { ($0 - self.now).components.seconds }
    }

    @Test("Each category has its own limit")
    func categories() {
        let limits = self.limits(429, "60:transaction:key, 2700:default;error;security:organization")
        #expect(self.seconds(limits, .transaction) == 60)
        #expect(self.seconds(limits, .error) == 2700)
        #expect(self.seconds(limits, .session) == nil)
    }

    @Test("The header counts with any status", arguments: [200, 202, 400, 413, 429, 503])
    func anyStatus(status: Int) {
        #expect(self.seconds(self.limits(status, "10:error:key"), .error) == 10)
    }

    @Test("No categories means all of them, and the longest holds")
    func allCategories() {
        let limits = self.limits(429, "60::organization, 2700::organization, 10:error:key")
        for category in SentryCategory.allCases { #expect(self.seconds(limits, category) == 2700) }
    }

    @Test("Unknown categories are passed over, and a limit of nothing else limits nothing")
    func unknown() {
        let limits = self.limits(429, "60:metric_bucket:organization:quota:custom, 50:replay;error:key:reason:x:y:z")
        #expect(self.seconds(limits, .error) == 50)
        #expect(self.seconds(limits, .session) == nil)
    }

    @Test("A shorter limit never shortens a longer one")
    func longestKept() {
        var limits = self.limits(429, "100:error:key")
        limits.note(status: 200, header: "5:error:key", retryAfter: nil, now: self.now)
        #expect(self.seconds(limits, .error) == 100)
        limits.note(status: 200, header: "200:error:key", retryAfter: nil, now: self.now)
        #expect(self.seconds(limits, .error) == 200)
    }

    @Test("With the header, Retry-After does not count; without it, it counts with 429 alone")
    func retryAfter() {
        #expect(self.seconds(self.limits(429, "10:error:key", retryAfter: "999"), .session) == nil)
        #expect(self.seconds(self.limits(429, retryAfter: "17"), .session) == 17)
        #expect(self.seconds(self.limits(503, retryAfter: "17"), .session) == nil)
    }

    @Test("Retry-After may be a date")
    func retryAfterDate() {
        let time = RateLimits.retryAfter(
            "Sun, 06 Nov 1994 08:49:37 GMT",
            now: Timestamp(milliseconds: 784_111_770_000)
        )
        #expect(time == .seconds(7))
        #expect(RateLimits.retryAfter("Sun, 06 Nov 1994 08:49:37 GMT", now: self.now) == .zero)
    }

    @Test("A 429 that says nothing means 60 seconds of everything", arguments: [nil, "soon", ""])
    func bare(retryAfter: String?) {
        for category in SentryCategory.allCases {
            #expect(self.seconds(self.limits(429, retryAfter: retryAfter), category) == 60)
        }
    }

    @Test("Spaces and fractions are understood")
    func spaces() {
        let limits = self.limits(200, " 1.5 : error ; session : key ,, 7:transaction ")
        #expect(limits.end(for: .error, now: self.now).map { $0 - self.now } == .milliseconds(1500))
        #expect(limits.end(for: .session, now: self.now).map { $0 - self.now } == .milliseconds(1500))
        #expect(self.seconds(limits, .transaction) == 7)
    }

    @Test(
        "What cannot be read limits nothing",
        arguments: ["", "error", ":error:key", "x:error:key", "-5:error:key", "nan:error", "inf:error:key", "60"]
    )
    func garbage(header: String) {
        let limits = self.limits(200, header)
        for category in SentryCategory.allCases { #expect(limits.end(for: category, now: self.now) == nil) }
    }

    @Test("A limit ends")
    func ending() {
        let limits = self.limits(429, "10:error:key")
        #expect(limits.end(for: .error, now: self.now + .milliseconds(9_999)) != nil)
        #expect(limits.end(for: .error, now: self.now + .seconds(10)) == nil)
    }

    @Test("Limits that hold are told on in the form of the header, and read the same")
    func header() throws {
        let limits = self.limits(429, "9::org, 20:error:key, 0:session:key")
        let header = try #require(limits.header(now: self.now))
        #expect(header == "10::organization, 21:error:organization")
        #expect(self.limits(200, "5:transaction").header(now: self.now + .seconds(5)) == nil)
    }
}
