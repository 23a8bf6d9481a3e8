import CherryBridge
import Testing

@Suite("The rate of a token")
struct TokenBucketTests {
    @Test("A minute's worth at once, then evenly")
    func rate() {
        var bucket = TokenBucket(perMinute: 60, at: .seconds(100))
        for _ in 0..<60 {
            let result1 = bucket.take(at: .seconds(100))
            #expect(result1 == nil)
        }
        let result2 = bucket.take(at: .seconds(100))
        #expect(result2 == .seconds(1))
        let result3 = bucket.take(at: .milliseconds(100_500))
        #expect(result3 == .milliseconds(500))
        let result4 = bucket.take(at: .seconds(101))
        #expect(result4 == nil)
        let result5 = bucket.take(at: .seconds(101))
        #expect(result5 == .seconds(1))
    }

    @Test("Room does not pile up beyond a minute's worth")
    func bound() {
        var bucket = TokenBucket(perMinute: 2, at: .zero)
        for _ in 0..<2 {
            let result6 = bucket.take(at: .seconds(86_400))
            #expect(result6 == nil)
        }
        let result7 = bucket.take(at: .seconds(86_400))
        #expect(result7 == .seconds(30))
    }

    @Test("A clock that goes back gives nothing away")
    func backwards() {
        var bucket = TokenBucket(perMinute: 1, at: .seconds(60))
        let first = bucket.take(at: .seconds(60))
        #expect(first == nil)
        let back = bucket.take(at: .zero)
        #expect(back == .seconds(120))
        let again = bucket.take(at: .seconds(119))
        #expect(again == .seconds(1))
    }

    @Test("What was refused takes no room")
    func refused() {
        var bucket = TokenBucket(perMinute: 1, at: .zero)
        let result11 = bucket.take(at: .zero)
        #expect(result11 == nil)
        for _ in 0..<100 {
            let result12 = bucket.take(at: .seconds(59))
            #expect(result12 != nil)
        }
        let result13 = bucket.take(at: .seconds(60))
        #expect(result13 == nil)
    }
}
