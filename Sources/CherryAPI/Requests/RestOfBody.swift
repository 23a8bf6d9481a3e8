import Hummingbird
import Synchronization

/// What is still to come of a body that was refused.
///
/// The answer is sent at once. Closing then would make the client's system drop the answer while the client is still
/// sending, so a good deal of the rest is read first and thrown away.
// The reader that made the iterator is done with it; only the one task that writes the answer uses it from then on.
final class RestOfBody: @unchecked Sendable {
    private var iterator: RequestBody.AsyncIterator
    private let dropped = Atomic(0)

    private static let byteLimit = 256 << 20
    private static let pauseLimit: Duration = .seconds(10)
    private static let pauses = 30

    /// Takes over from a reader.
    init(_ iterator: RequestBody.AsyncIterator) { self.iterator = iterator }

    /// Reads and drops what comes: up to 256 MiB and five minutes, and no longer than the client goes on sending.
    func drain() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.drop() }
            group.addTask { await self.watch() }
            await group.next()
            group.cancelAll()
        }
    }

    @concurrent
    private func drop() async {
        var iterator = self.iterator
        do {
            while self.dropped.load(ordering: .relaxed) < Self.byteLimit, let part = try await iterator.next() {
                self.dropped.add(part.readableBytes, ordering: .relaxed)
            }
        } catch {
            // The client has gone.
        }
    }

    private func watch() async {
        for _ in 0..<Self.pauses {
            let before = self.dropped.load(ordering: .relaxed)
            // Cancelled when the body has ended, which is no failure.
            guard (try? await Task.sleep(for: Self.pauseLimit)) != nil else { return }
            guard self.dropped.load(ordering: .relaxed) > before else { return }
        }
    }
}
