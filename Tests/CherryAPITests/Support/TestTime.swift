import CherryCore
import Synchronization

/// A wall clock whose hands the test turns.
final class TestTime: Sendable {
    private let now = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var wall: WallClock { WallClock { self.now.withLock { $0 } } }

    func advance(by duration: Duration) {
        self.now.withLock { $0 = $0 + duration }
    }
}
