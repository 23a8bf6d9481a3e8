import CherryCore
import Testing

@Suite("SplitMix64")
struct SplitMix64Tests {
    /// As the reference implementation gives them for the seed 1234567: https://prng.di.unimi.it/splitmix64.c
    private static let known: [UInt64] = [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
    ]

    @Test("gives the numbers that are known for a seed, and the same each time")
    func numbers() {
        var (one, other) = (SplitMix64(seed: 1_234_567), SplitMix64(seed: 1_234_567))
        #expect(Self.known.map { _ in one.next() } == Self.known)
        #expect(Self.known.map { _ in other.next() } == Self.known)
    }
}
