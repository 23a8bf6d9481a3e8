import Synchronization

/// The buckets of a native histogram of schema 3: each is 2^⅛ times as wide as the one before.
///
/// Source of the format: the `Histogram` message of Prometheus' client model.
final class NativeBuckets: Sendable {
    static let schema = 3
    static let count = 256

    /// The eighth roots of two: the upper bounds within one doubling, after the bound of the doubling before.
    private static let roots: [Double] = [
        1, 1.0905077326652577, 1.189207115002721, 1.2968395546510096, 1.4142135623730951, 1.5422108254079407,
        1.681792830507429, 1.8340080864093424,
    ]

    private let firstPower: Int
    private let zeros = Atomic<UInt64>(0)
    private let counts: InlineArray<256, Atomic<UInt64>>

    /// - Parameter power: values up to two to the power of it count as zero.
    init(from power: Int) {
        self.firstPower = power
        self.counts = InlineArray { _ in Atomic(0) }
    }

    /// What is larger than the last bucket counts in the last.
    func record(_ value: Double) {
        let slot = Self.index(of: value) - self.firstPower * 8 - 1
        if slot < 0 {
            self.zeros.wrappingAdd(1, ordering: .relaxed)
        } else {
            self.counts[min(slot, Self.count - 1)].wrappingAdd(1, ordering: .relaxed)
        }
    }

    /// The bucket `i` for which 2^((i − 1)/8) < value ≤ 2^(i/8); `Int.min / 2` for what is not positive.
    static func index(of value: Double) -> Int {
        guard value > 0, value.isFinite else { return Int.min / 2 }
        let significand = value.significand
        var part = 0
        while part < 8, significand > Self.roots[part] { part += 1 }
        return Int(value.exponent) * 8 + part
    }

    var value: NativeHistogramValue {
        NativeHistogramValue(
            firstIndex: self.firstPower * 8 + 1,
            zeroThreshold: Double(sign: .plus, exponent: self.firstPower, significand: 1),
            zeros: self.zeros.load(ordering: .relaxed),
            counts: (0..<Self.count).map { self.counts[$0].load(ordering: .relaxed) }
        )
    }
}
