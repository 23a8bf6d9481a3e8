import CherryCore

/// The figures of the last hour, one sample for each interval. What is older is forgotten.
///
/// A sample takes some 250 bytes, and eight for each range that its histograms have: half a megabyte for the hour at the
/// very most, usually a fifth of that.
struct FigureRing: Sendable {
    private struct Sample: Sendable {
        let at: Timestamp
        /// Since the sample before.
        let seconds: Double
        let requests: [Double]
        let retries: Int
        let failovers: Int
        let firstToken: FigureHistogramStep
        let recall: FigureHistogramStep
        let state: FigureState
    }

    /// Samples of which the quantiles of one point are made.
    let window: Int
    private let limit: Int
    private var samples: [Sample] = []
    private var last: FigureReading?

    /// - Parameters:
    ///   - limit: how many samples are kept.
    ///   - window: of how many of them quantiles are made.
    init(limit: Int, window: Int) {
        self.limit = limit
        self.window = window
    }

    /// Takes a reading. The first one only says where the figures begin.
    mutating func take(_ reading: FigureReading) {
        defer { self.last = reading }
        guard let last else { return }
        if self.samples.count == self.limit { self.samples.removeFirst() }
        // A clock that was set back must not turn the chart around.
        let at = max(reading.at, Timestamp(milliseconds: (self.samples.last?.at ?? last.at).milliseconds + 1))
        let milliseconds = at.milliseconds - (self.samples.last?.at ?? last.at).milliseconds
        self.samples.append(
            Sample(
                at: at,
                seconds: Double(milliseconds) / 1000,
                requests: zip(reading.requests, last.requests).map { max(0, $0 - $1) },
                retries: Int(max(0, reading.retries - last.retries)),
                failovers: Int(max(0, reading.failovers - last.failovers)),
                firstToken: reading.firstToken.since(last.firstToken),
                recall: reading.recall.since(last.recall),
                state: reading.state
            )
        )
    }

    /// The points after a moment, oldest first.
    func points(after moment: Timestamp?) -> [FigurePoint] {
        var (firstToken, recall) = (FigureHistogram(), FigureHistogram())
        var points: [FigurePoint] = []
        for (place, sample) in self.samples.enumerated() {
            firstToken.add(sample.firstToken)
            recall.add(sample.recall)
            if place >= self.window {
                firstToken.remove(self.samples[place - self.window].firstToken)
                recall.remove(self.samples[place - self.window].recall)
            }
            if let moment, sample.at <= moment { continue }
            points.append(
                FigurePoint(
                    at: sample.at,
                    requests: sample.requests.map { $0 / sample.seconds },
                    retries: sample.retries,
                    failovers: sample.failovers,
                    firstToken: FigureQuantiles(firstToken),
                    recall: FigureQuantiles(recall),
                    state: sample.state
                )
            )
        }
        return points
    }
}
