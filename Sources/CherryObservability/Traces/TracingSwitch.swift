import Synchronization

/// Whether traces are made, and how many of them are kept. Can be turned while the program runs.
public final class TracingSwitch: Sendable {
    /// Below this the low half of a kept trace's id lies, in units of 2⁻⁵³ of all; -1 while nothing is traced.
    private let limit: Atomic<Int>

    /// - Parameter share: the part of traces that is kept, from 0 to 1; `nil` makes none.
    public init(keeping share: Double?) {
        self.limit = Atomic(Self.limit(share))
    }

    /// Turns it.
    ///
    /// - Parameter share: the part of traces that is kept, from 0 to 1; `nil` makes none.
    public func keep(_ share: Double?) { self.limit.store(Self.limit(share), ordering: .relaxed) }

    /// Whether traces are made.
    public var isOn: Bool { self.limit.load(ordering: .relaxed) >= 0 }

    /// Whether a trace that begins here is kept. The same for the same id everywhere.
    func keeps(_ trace: TraceID) -> Bool { TraceShare.place(of: trace) < self.limit.load(ordering: .relaxed) }

    private static func limit(_ share: Double?) -> Int {
        share.map { TraceShare($0).limit } ?? -1
    }
}
