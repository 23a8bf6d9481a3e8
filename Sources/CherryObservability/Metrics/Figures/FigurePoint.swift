public import CherryCore

/// One place of every chart.
public struct FigurePoint: Sendable, Hashable {
    public let at: Timestamp
    /// Requests in a second, by the class of their status: 1xx to 5xx.
    public let requests: [Double]
    /// How often a model was asked again since the point before.
    public let retries: Int
    /// How often another model took over since the point before.
    public let failovers: Int
    /// To the first token of an answer, within the last five minutes.
    public let firstToken: FigureQuantiles?
    /// To find what was said before, within the last five minutes.
    public let recall: FigureQuantiles?
    public let state: FigureState
}
