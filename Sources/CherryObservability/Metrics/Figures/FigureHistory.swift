public import CherryCore
public import CherryJournal
public import ServiceLifecycle
import Synchronization

/// Remembers the main figures of the last hour, so that charts have a past when they are opened.
///
/// Kept in memory alone. It says nothing that the metrics do not say.
public final class FigureHistory: Service {
    /// Between two samples.
    public static let interval = Duration.seconds(10)
    /// One hour of them.
    static let limit = 360
    /// Five minutes of them.
    static let window = 30

    private let registry: MetricRegistry
    private let ledger: @Sendable () async -> [JournalLedger]
    private let wallClock: WallClock
    private let clock: any Clock<Duration>
    private let ring = Mutex(FigureRing(limit: FigureHistory.limit, window: FigureHistory.window))

    /// - Parameter ledger: what became of everything that the journal took.
    public init(
        _ registry: MetricRegistry,
        wallClock: WallClock = .system,
        clock: any Clock<Duration> = ContinuousClock(),
        ledger: @escaping @Sendable () async -> [JournalLedger]
    ) {
        self.registry = registry
        self.ledger = ledger
        self.wallClock = wallClock
        self.clock = clock
    }

    /// Takes samples until shutdown.
    public func run() async {
        await cancelWhenGracefulShutdown {
            repeat {
                await self.sample()
            } while (try? await self.clock.sleep(for: Self.interval)) != nil  // cancelled: shutting down
        }
    }

    /// The points after a moment, or all of them, oldest first.
    public func points(after moment: Timestamp? = nil) -> [FigurePoint] {
        self.ring.withLock { $0 }.points(after: moment)
    }

    /// How everything stands.
    public func now() async -> FiguresNow {
        FiguresNow(self.table(of: FiguresNow.metrics), ledger: await self.ledger(), at: self.wallClock.now)
    }

    /// Takes one.
    func sample() async {
        let ledger = await self.ledger()
        let reading = FigureReading(self.table(of: FigureReading.metrics), ledger: ledger, at: self.wallClock.now)
        self.ring.withLock { $0.take(reading) }
    }

    private func table(of names: Set<String>) -> FigureTable {
        FigureTable(self.registry.snapshot(withNative: true, only: names))
    }
}
