import CherryCore

/// A task that one tool has offered and another is to do.
struct HubTask: Sendable {
    /// Exits: `offered` → `accepted`, `finished`, or `offered` to the next; `accepted` → `finished`; `finished` → forgotten.
    enum State: Sendable {
        case offered(to: String, since: Duration)
        case accepted(by: String)
        /// The notice that says how it ended, and when that was sent to the requester.
        case finished(HubNotice, at: Duration, sentAt: Duration?)
    }

    /// The requester's name and the id that it chose.
    let id: String
    let requester: String
    let candidate: HubRequest.Candidate
    let payload: JSONValue
    /// Bytes that the task holds on to.
    var size: Int
    let deadline: Duration
    var state: State
    /// Whoever had it and let it go.
    var tried: Set<String> = []

    /// The tool that has it, accepted or not.
    var worker: String? {
        switch self.state {
        case .offered(let worker, _), .accepted(let worker): worker
        case .finished: nil
        }
    }

    var isAccepted: Bool { if case .accepted = self.state { true } else { false } }
    var isOpen: Bool { self.worker != nil }
}
