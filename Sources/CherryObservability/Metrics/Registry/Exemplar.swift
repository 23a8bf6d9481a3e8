import CherryCore

/// One recorded value and the trace in which it was recorded.
struct Exemplar: Sendable, Hashable {
    let trace: TraceReference
    let value: Double
    let time: Timestamp
}
