import Synchronization

/// The newest position of the change feed that this process has seen.
final class FeedPosition: Sendable {
    private let newest = Mutex<Int64?>(nil)

    /// `nil` until something was written.
    var value: Int64? { self.newest.withLock { $0 } }

    /// Takes note of a position.
    func update(_ position: Int64) {
        self.newest.withLock { $0 = max($0 ?? position, position) }
    }
}
