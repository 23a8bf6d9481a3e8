public import CherryCore
import Synchronization

/// Whether traces are made, and which of them are kept. Can be turned while the program runs.
public final class TracingSwitch: Sendable {
    /// What became of the traces that began here, or came here first.
    struct Counts: Sendable, Hashable {
        var kept = 0
        /// Outside of the share that is kept.
        var outsideShare = 0
        /// Within it, but too many at once.
        var overRate = 0
    }

    /// Below this the low half of a kept trace's id lies, in units of 2⁻⁵³ of all; -1 while nothing is traced.
    private let limit: Atomic<Int>
    private let rate: Mutex<TokenBucket?>
    private let clock: WallClock
    private let kept = Atomic(0)
    private let outsideShare = Atomic(0)
    private let overRate = Atomic(0)

    /// - Parameters:
    ///   - share: the part of traces that is kept, from 0 to 1; `nil` makes none.
    ///   - rate: how many may be kept at once and in time; `nil` for any number.
    public init(keeping share: Double?, rate: TokenBucket? = nil, clock: WallClock = .system) {
        self.limit = Atomic(Self.limit(share))
        self.rate = Mutex(rate)
        self.clock = clock
    }

    /// Turns it.
    ///
    /// - Parameter share: the part of traces that is kept, from 0 to 1; `nil` makes none.
    public func keep(_ share: Double?) { self.limit.store(Self.limit(share), ordering: .relaxed) }

    /// Whether traces are made.
    public var isOn: Bool { self.limit.load(ordering: .relaxed) >= 0 }

    var counts: Counts {
        Counts(
            kept: self.kept.load(ordering: .relaxed),
            outsideShare: self.outsideShare.load(ordering: .relaxed),
            overRate: self.overRate.load(ordering: .relaxed)
        )
    }

    /// Decides whether a trace that begins here is kept, and counts it. By the share the same holds for the same id
    /// everywhere.
    func decide(_ trace: TraceID) -> Bool {
        guard TraceShare.place(of: trace) < self.limit.load(ordering: .relaxed) else {
            self.outsideShare.wrappingAdd(1, ordering: .relaxed)
            return false
        }
        let hasRoom = self.rate.withLock { $0 == nil || $0?.take(at: self.clock.now) == true }
        guard hasRoom else {
            self.overRate.wrappingAdd(1, ordering: .relaxed)
            return false
        }
        self.kept.wrappingAdd(1, ordering: .relaxed)
        return true
    }

    private static func limit(_ share: Double?) -> Int {
        share.map { TraceShare($0).limit } ?? -1
    }
}
