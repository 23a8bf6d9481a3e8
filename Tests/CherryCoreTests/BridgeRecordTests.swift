import CherryCore
import Foundation
import Testing

@Suite("Records of the bridge")
struct BridgeRecordTests {
    private static let token = RecordID.make()
    private static let day: Int64 = 20_000

    private static func record(_ offset: Int64 = 0) -> UsageRecord {
        UsageRecord(
            at: Timestamp(utcDay: Self.day) + .milliseconds(offset),
            providerID: ModelReference.localProvider,
            model: "m",
            totalMilliseconds: 12,
            attempts: 1,
            outcome: UsageRecord.complete
        )
    }

    @Test("A block of usage comes back as it was, whatever is known of its exchanges")
    func block() throws {
        var full = Self.record(86_399_999)
        full.tokenID = Self.token
        full.conversationID = .make()
        full.alias = "schnell 🍒"
        full.tokens = TokenUsage(prompt: .max, completion: 0, cachedPrompt: 3, cacheWrite: 200, reasoning: 70_000)
        full.isEstimated = true
        full.microDollars = .max
        full.firstTokenMilliseconds = 0
        var odd = Self.record(-1)
        odd.tokens = TokenUsage(prompt: -1, completion: .min)
        odd.microDollars = .min
        odd.totalMilliseconds = .max
        let block = UsageBlock(id: .make(), day: Self.day, records: [full, Self.record(), odd])
        let data = try JSONEncoder().encode(block)
        #expect(try JSONDecoder().decode(UsageBlock.self, from: data) == block)
    }

    @Test("A thousand exchanges of one tool take little room")
    func size() throws {
        let records = (0..<1000 as Range<Int64>).map { number in
            var record = Self.record(number)
            record.tokenID = Self.token
            record.tokens = TokenUsage(prompt: 1000, completion: 300)
            record.microDollars = 5000
            record.firstTokenMilliseconds = 200
            return record
        }
        let data = try JSONEncoder().encode(UsageBlock(id: .make(), day: Self.day, records: records))
        #expect(data.count < 40_000)
    }

    @Test("A block that is damaged anywhere is refused or reads as something else, and never as itself")
    func damaged() throws {
        var record = Self.record()
        record.tokens = TokenUsage(prompt: 1000, completion: 300)
        let block = UsageBlock(id: .make(), day: Self.day, records: [record, record])
        let json = try JSONEncoder().encode(block)
        let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        let rows = try #require((object["rows"] as? String).flatMap { Data(base64Encoded: $0) })
        for length in 0..<rows.count {
            var cut = object
            cut["rows"] = rows.prefix(length).base64EncodedString()
            let data = try JSONSerialization.data(withJSONObject: cut)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(UsageBlock.self, from: data) }
        }
        for place in rows.indices {
            var changed = rows
            changed[place] ^= 0xff
            var other = object
            other["rows"] = changed.base64EncodedString()
            let data = try JSONSerialization.data(withJSONObject: other)
            #expect((try? JSONDecoder().decode(UsageBlock.self, from: data)) != block)
        }
    }

    @Test(
        "Days and months are those of the calendar",
        arguments: [
            ("1970-01-01", 0, 23_640), ("1970-01-31", 30, 23_640), ("1970-02-01", 31, 23_641),
            ("2000-02-29", 11_016, 24_001), ("2000-03-01", 11_017, 24_002), ("2024-12-31", 20_088, 24_299),
            ("2025-01-01", 20_089, 24_300), ("1969-12-31", -1, 23_639), ("2100-02-28", 47_540, 25_201),
            ("2100-03-01", 47_541, 25_202),
        ] as [(String, Int64, Int64)]
    )
    func calendar(text: String, day: Int64, month: Int64) {
        let start = Timestamp(utcDay: day)
        #expect(Timestamp.dateText(utcDay: day) == text)
        #expect(Timestamp.utcDay(dateText: Array(text.utf8)[...]) == day)
        #expect(start.utcDay == day)
        #expect((start + .milliseconds(86_399_999)).utcDay == day)
        #expect((start - .milliseconds(1)).utcDay == day - 1)
        #expect(start.utcMonth == month)
    }

    @Test(
        "What is no date is none",
        arguments: ["2025-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "2025-1-01", "25-01-01", "", "2025-01-1x"]
    )
    func noDate(text: String) {
        #expect(Timestamp.utcDay(dateText: Array(text.utf8)[...]) == nil)
    }

    @Test("A month begins on its first day")
    func months() {
        for month in (1900 * 12)...(2200 * 12) as ClosedRange<Int64> {
            let start = Timestamp(utcMonth: month)
            #expect(start.utcMonth == month)
            #expect((start - .milliseconds(1)).utcMonth == month - 1)
        }
    }

    @Test("Cached, written and reasoning tokens are priced as such and counted once")
    func rates() {
        var rates = TokenRates(input: 3_000_000, output: 15_000_000)
        let usage = TokenUsage(prompt: 1000, completion: 200, cachedPrompt: 600, cacheWrite: 100, reasoning: 50)
        #expect(rates.cost(of: usage) == 1000 * 3 + 200 * 15)
        rates.cachedInput = 300_000
        rates.cacheWrite = 3_750_000
        rates.reasoning = 20_000_000
        #expect(rates.cost(of: usage) == 300 * 3 + 180 + 375 + 150 * 15 + 50 * 20)
        rates.cachedInput = 0
        #expect(rates.cost(of: TokenUsage(prompt: 10, completion: 0, cachedPrompt: 10)) == 0)
    }

    @Test("Money is rounded at the end, not for each kind of token")
    func rounding() {
        let rates = TokenRates(input: 150_000, output: 600_000)
        #expect(rates.cost(of: TokenUsage(prompt: 1, completion: 0)) == 0)
        #expect(rates.cost(of: TokenUsage(prompt: 1, completion: 1)) == 1)
        #expect(rates.cost(of: TokenUsage(prompt: 3, completion: 0)) == 0)
        #expect(rates.cost(of: TokenUsage(prompt: 4, completion: 0)) == 1)
    }

    @Test("Counts that contradict each other never cost less than nothing, nor overflow")
    func contradictions() {
        let rates = TokenRates(input: 100, output: 100, cachedInput: 1, cacheWrite: 1, reasoning: 1)
        let odd = TokenUsage(prompt: 5, completion: 5, cachedPrompt: 50, cacheWrite: 50, reasoning: 50)
        #expect(rates.cost(of: odd) == 0)
        #expect(rates.cost(of: TokenUsage(prompt: -5, completion: -5)) == 0)
        let dear = TokenRates(input: 1_000_000_000, output: 1_000_000_000)
        #expect(dear.cost(of: TokenUsage(prompt: .max, completion: .max)) == 2 * (1 << 40) * 1000)
    }

    @Test("The pattern that says most has the greatest length")
    func patterns() {
        #expect(NamePattern("gpt-4o*").matches("GPT-4o-mini"))
        #expect(NamePattern("gpt-4o").matches("gpt-4O"))
        #expect(!NamePattern("gpt-4o").matches("gpt-4o-mini"))
        #expect(NamePattern("*").matches(""))
        #expect(NamePattern("gpt-4o").length > NamePattern("gpt-4o*").length)
        #expect(NamePattern("gpt-4o-mini*").length > NamePattern("gpt-4o").length)
    }

    @Test("A token opens only what it names, while it is neither revoked nor expired")
    func token() {
        var token = BridgeToken(name: "editor", digest: "", prefix: "ck-", models: ["smart", "openai/gpt-4o*"])
        let now = Timestamp(milliseconds: 1000)
        #expect(token.allows(modelNamed: ["Smart"]))
        #expect(token.allows(modelNamed: ["gpt-4o-mini", "openai/gpt-4o-mini"]))
        #expect(!token.allows(modelNamed: ["fast"]))
        #expect(token.isValid(at: now))
        token.expiresAt = now
        #expect(!token.isValid(at: now))
        #expect(token.isValid(at: now - .milliseconds(1)))
        token.expiresAt = nil
        token.revokedAt = now
        #expect(!token.isValid(at: now))
    }

    @Test("A provider from before private addresses were asked about may be where it was; a new one may not")
    func provider() throws {
        let new = Provider(name: "P", baseURL: "http://127.0.0.1:1234/v1")
        #expect(!new.allowsPrivateAddresses)
        var object = try #require(
            try JSONSerialization.jsonObject(with: try JSONEncoder().encode(new)) as? [String: Any]
        )
        object["allowsPrivateAddresses"] = nil
        let data = try JSONSerialization.data(withJSONObject: object)
        #expect(try JSONDecoder().decode(Provider.self, from: data).allowsPrivateAddresses)
    }
}
