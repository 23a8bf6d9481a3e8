import CherryCore
import Testing

@Suite("Token bucket")
struct TokenBucketTests {
    @Test("It empties, and fills again with time up to its size")
    func filling() {
        var bucket = TokenBucket(burst: 3, interval: .seconds(2))
        let start = Timestamp(milliseconds: 1_790_000_000_000)
        func taken(_ seconds: [Double]) -> [Bool] {
            seconds.map { bucket.take(at: start + .milliseconds(Int64($0 * 1000))) }
        }
        #expect(taken([0, 0, 0, 0]) == [true, true, true, false])
        #expect(taken([1.999, 2, 3, 4, 4]) == [false, true, false, true, false])
        #expect(taken([100, 100, 100, 100]) == [true, true, true, false])
    }

    @Test("A clock that is set back earns nothing")
    func backwards() {
        var bucket = TokenBucket(burst: 1, interval: .seconds(1))
        let start = Timestamp(milliseconds: 1_790_000_000_000)
        let taken = [0, -5, 0, 1].map { bucket.take(at: start + .seconds($0)) }
        #expect(taken == [true, false, false, true])
    }
}
