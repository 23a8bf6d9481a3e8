import CherryCore

/// Decides which target is asked next, when, and when to give up. Without a clock, a socket or chance of its own.
///
/// The targets are gone through in order, each once, without a pause; when all have failed there is a pause, and they are
/// gone through again, as often as the policy allows. States: choosing → asking → answering → done; asking and answering →
/// choosing, when an attempt fails that may be followed by another; choosing → waiting → choosing.
public struct RouteStateMachine: Sendable {
    /// What to do next.
    public enum Action: Sendable {
        /// Ask a target, then report `began` or `failed`.
        case attempt(Attempt)
        /// Pause, then ask `next` again.
        case wait(Duration)
        /// Give up.
        case fail(BridgeError)
    }

    /// One request to one target.
    public struct Attempt: Sendable, Hashable {
        /// Counts from 1.
        public let number: Int
        /// The place among the targets that the machine was given.
        public let target: Int
        /// Whether it is to go on where an answer broke off.
        public let isContinuation: Bool
    }

    private enum Consequence {
        /// The target may be asked again.
        case retry
        /// This target cannot answer this request; another one may.
        case leaveOut
        /// No target would.
        case stop
    }

    private let targets: [RouteTarget]
    private let policy: RoutePolicy
    /// Places among the targets, in the order in which they are asked.
    private let order: [Int]
    private var leftOut: Set<Int>
    private var underWay: Set<Int> = []
    /// When a target that asked for a pause may be asked again.
    private var notBefore: [Int: Duration] = [:]
    private var round = 0
    private var position = 0
    private var hasAskedInRound = false
    private var hasBegun = false
    private var error: BridgeError?
    /// How often a target was asked.
    public private(set) var attempts = 0

    /// Creates a machine for one request.
    ///
    /// - Parameters:
    ///   - targets: in order of preference, at least one.
    ///   - random: gives numbers from 0 up to 1; decides the order when the strategy is by weight.
    public init(targets: [RouteTarget], policy: RoutePolicy, random: () -> Double) {
        self.targets = targets
        self.policy = policy
        switch policy.strategy {
        case .ordered: self.order = Array(targets.indices)
        case .weighted: self.order = Self.drawn(targets, random)
        }
        self.leftOut = policy.staysLocal ? Set(targets.indices.filter { !targets[$0].isLocal }) : []
        if self.leftOut.count == targets.count { self.error = Self.nothingLocal }
    }

    /// Says what to do when nothing is under way, or, while an attempt is silent, which target to ask besides it.
    ///
    /// - Parameters:
    ///   - elapsed: since the request was made.
    ///   - random: a number from 0 up to 1, which spreads the pauses of many requests.
    ///   - admits: whether the circuit breaker of the target lets a request through; asked once for each.
    public mutating func next(
        at elapsed: Duration,
        random: @autoclosure () -> Double,
        admits: (RouteTarget) -> Bool
    ) -> Action {
        if let total = self.policy.total, elapsed >= total { return .fail(self.error ?? Self.outOfTime) }
        var isResting = false
        while self.position < self.order.count {
            let place = self.order[self.position]
            self.position += 1
            guard !self.leftOut.contains(place), !self.underWay.contains(place) else { continue }
            if let time = self.notBefore[place], time > elapsed { continue }
            guard admits(self.targets[place]) else {
                isResting = true
                continue
            }
            precondition(!self.policy.staysLocal || self.targets[place].isLocal, "a request was to stay here")
            self.attempts += 1
            self.hasAskedInRound = true
            self.underWay.insert(place)
            return .attempt(Attempt(number: self.attempts, target: place, isContinuation: self.hasBegun))
        }
        return self.endRound(at: elapsed, random: random(), isResting: isResting)
    }

    /// The first token of an attempt is here. Whatever else was under way is of no use any more.
    public mutating func began(_ attempt: Attempt) {
        self.hasBegun = true
        self.underWay = [attempt.target]
    }

    /// An attempt failed, before its first token or after it.
    ///
    /// - Parameter canContinue: whether what was said so far can be gone on with.
    /// - Returns: `true` when `next` is to be asked; `false` when another attempt is still under way; an error when the
    ///   request as a whole has failed.
    public mutating func failed(
        _ attempt: Attempt,
        with error: BridgeError,
        at elapsed: Duration,
        canContinue: Bool = true
    ) -> Result<Bool, BridgeError> {
        self.underWay.remove(attempt.target)
        self.note(error)
        if self.hasBegun, !self.policy.continuesAfterFirstToken || !canContinue { return .failure(error) }
        switch Self.consequence(of: error.code) {
        case .stop: return .failure(error)
        case .leaveOut: self.leftOut.insert(attempt.target)
        case .retry:
            if let pause = error.retryAfter {
                if pause > self.policy.longestRetryAfter {
                    self.leftOut.insert(attempt.target)
                } else {
                    self.notBefore[attempt.target] = elapsed + pause
                }
            }
        }
        return .success(self.underWay.isEmpty)
    }

    private mutating func endRound(at elapsed: Duration, random: Double, isResting: Bool) -> Action {
        let candidates = self.order.filter { !self.leftOut.contains($0) }
        let pauses = candidates.map { max(.zero, (self.notBefore[$0] ?? .zero) - elapsed) }
        guard let shortest = pauses.min(), self.round < self.policy.retries else {
            return .fail(self.error ?? Self.resting)
        }
        // Whoever rests after failures is not waited for: the rest is longer than a person's patience.
        if !self.hasAskedInRound, isResting, shortest == .zero { return .fail(self.error ?? Self.resting) }
        var delay = self.policy.firstDelay
        for _ in 0..<self.round where delay < self.policy.longestDelay { delay *= 2 }
        delay = min(delay, self.policy.longestDelay)
        // Between half and all of it: never at once, and not everybody at the same time.
        delay = max(delay / 2 + delay / 2 * random, shortest)
        if let total = self.policy.total, elapsed + delay >= total { return .fail(self.error ?? Self.outOfTime) }
        self.round += 1
        self.position = 0
        self.hasAskedInRound = false
        return .wait(delay)
    }

    /// Keeps the error to report: the latest, but not that a target cannot do it when another one could have.
    private mutating func note(_ error: BridgeError) {
        if self.error != nil, [.unsupported, .invalid, .localModelMissing].contains(error.code) { return }
        self.error = error
    }

    private static func consequence(of code: BridgeError.Code) -> Consequence {
        switch code {
        case _ where code.isProvidersFault, .rateLimited: .retry
        case .refused: .stop
        default: .leaveOut
        }
    }

    /// All places, drawn one after the other, each with a chance by its weight among those that are left.
    private static func drawn(_ targets: [RouteTarget], _ random: () -> Double) -> [Int] {
        var left = Array(targets.indices)
        var order: [Int] = []
        while left.count > 1 {
            var rest = random() * Double(left.reduce(0) { $0 + max(1, targets[$1].weight) })
            let index =
                left.firstIndex { place in
                    rest -= Double(max(1, targets[place].weight))
                    return rest < 0
                } ?? left.count - 1
            order.append(left.remove(at: index))
        }
        return order + left
    }

    private static let nothingLocal = BridgeError(
        .denied,
        message: "The request must stay on this machine, and no model of this machine is among those that may answer.",
        hint: "Add a local model to the alias."
    )

    private static let resting = BridgeError(
        .overloaded,
        message: "Every model that may answer rests after repeated failures.",
        hint: "Try again in a moment, or ask for another model.",
        retryAfter: .seconds(10)
    )

    private static let outOfTime = BridgeError(
        .timedOut,
        message: "No model answered within the time that the alias allows.",
        hint: "Allow more time, or ask for another model."
    )
}
