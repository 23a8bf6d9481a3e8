public import Foundation

/// A moment: whole milliseconds since 1970-01-01T00:00:00Z.
///
/// An integer in JSON, so that browsers and the store read it without a date parser.
public struct Timestamp: Hashable, Sendable, Comparable {
    /// Milliseconds since the epoch, negative before it.
    public var milliseconds: Int64

    /// Creates a moment from milliseconds since the epoch.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The current wall-clock time.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The same moment for Foundation's formatters.
    public var date: Date { Date(timeIntervalSince1970: Double(self.milliseconds) / 1000) }

    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.milliseconds < rhs.milliseconds }

    /// The moment `duration` later, to the millisecond.
    public static func + (lhs: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(milliseconds: lhs.milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// The moment `duration` earlier, to the millisecond.
    public static func - (lhs: Timestamp, duration: Duration) -> Timestamp { lhs + (.zero - duration) }

    /// The time from `rhs` to `lhs`.
    public static func - (lhs: Timestamp, rhs: Timestamp) -> Duration {
        .milliseconds(lhs.milliseconds - rhs.milliseconds)
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.milliseconds)
    }
}

/// Says what time it is. A closure so that tests turn the hands themselves.
public struct WallClock: Sendable {
    private let read: @Sendable () -> Timestamp

    /// Creates a clock that reads time from `read`.
    public init(_ read: @escaping @Sendable () -> Timestamp) { self.read = read }

    /// The system's clock.
    public static let system = WallClock { .now }

    /// The current time by this clock.
    public var now: Timestamp { self.read() }
}
