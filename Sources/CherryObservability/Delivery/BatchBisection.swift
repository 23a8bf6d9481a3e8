import CherryJournal

/// Sends a batch and, where the server refuses it, halves of it, until what is refused stands alone.
///
/// Works from the front, so that even a delivery that ends early leaves less to do for the next.
struct BatchBisection: Sendable {
    /// Requests of one delivery: a batch that is bad all over must not keep the server busy.
    static let requestLimit = 64

    /// Ranges that have not been decided, the last one first.
    private var open: [Range<Int>]
    private var outcomes: [DeliveryOutcome?]
    private var requests = 0
    /// What the server asked for.
    private(set) var pause: Duration?

    init(count: Int) {
        self.open = count > 0 ? [0..<count] : []
        self.outcomes = Array(repeating: nil, count: count)
    }

    /// What to send next; `nil` when everything is decided or enough was sent.
    var next: Range<Int>? { self.requests < Self.requestLimit ? self.open.last : nil }

    /// The server answered for the whole of `next`.
    mutating func answered(_ verdict: HTTPVerdict) {
        guard let range = self.take() else { return }
        switch verdict {
        case .accepted: self.decide(range, .sent)
        case .refused(let reason), .tooLarge(let reason):
            guard range.count > 1 else { return self.decide(range, .quarantine(reason: reason)) }
            let middle = range.lowerBound + range.count / 2
            self.open += [middle..<range.upperBound, range.lowerBound..<middle]
        case .later(let reason, let pause):
            self.decide(range, .retry(reason: reason))
            self.end(reason, pause: pause)
        }
    }

    /// The server answered for each item of `next`.
    mutating func answered(_ items: [DeliveryOutcome], pause: Duration? = nil) {
        guard let range = self.take() else { return }
        for (place, outcome) in zip(range, items) { self.outcomes[place] = outcome }
        if let pause { self.pause = max(pause, self.pause ?? .zero) }
    }

    /// One outcome for each item. What was not decided is tried again.
    var result: [DeliveryOutcome] { self.outcomes.map { $0 ?? .retry(reason: "bisecting") } }

    private mutating func take() -> Range<Int>? {
        self.requests += 1
        return self.open.popLast()
    }

    private mutating func decide(_ range: Range<Int>, _ outcome: DeliveryOutcome) {
        for place in range { self.outcomes[place] = outcome }
    }

    private mutating func end(_ reason: String, pause: Duration?) {
        for range in self.open { self.decide(range, .retry(reason: reason)) }
        self.open = []
        self.pause = pause
    }
}
