/// What came to a histogram between two readings, as small as it can be kept.
struct FigureHistogramStep: Sendable, Hashable {
    struct Range: Sendable, Hashable {
        let index: Int16
        let count: UInt32
    }

    /// Of the ranges that have any, rising.
    let ranges: [Range]
}
