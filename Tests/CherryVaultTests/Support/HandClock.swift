import CherryCore
import Synchronization

/// A clock whose hands the test turns.
final class HandClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_700_000_000_000))

    var wall: WallClock { WallClock { self.time.withLock { $0 } } }

    func turn(by duration: Duration) {
        self.time.withLock { $0 = $0 + duration }
    }
}
