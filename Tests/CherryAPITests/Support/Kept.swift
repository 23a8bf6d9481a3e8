import Synchronization

/// One value that outlives a server.
final class Kept<Value: Sendable>: Sendable {
    private let kept = Mutex<Value?>(nil)

    var value: Value? {
        get { self.kept.withLock { $0 } }
        set { self.kept.withLock { $0 = newValue } }
    }
}
