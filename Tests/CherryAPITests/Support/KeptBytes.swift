import CherryAPI
import Foundation
import Synchronization

/// Bytes that outlive a server.
final class KeptBytes: Sendable {
    private let bytes = Mutex<Data?>(nil)

    var store: BackoffStore {
        BackoffStore(
            load: { self.bytes.withLock { $0 } },
            save: { data in self.bytes.withLock { $0 = data } }
        )
    }
}
