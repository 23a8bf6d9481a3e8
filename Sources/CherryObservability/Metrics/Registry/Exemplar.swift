import CherryCore

/// One recorded value and the trace in which it was recorded.
struct Exemplar: Sendable, Hashable {
    let trace: TraceContext
    let value: Double
    let time: Timestamp
}
