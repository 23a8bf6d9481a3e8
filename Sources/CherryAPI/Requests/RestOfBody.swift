import Hummingbird

/// What is still to come of a body that was refused.
///
/// The answer is sent at once. Closing then would make the client's system drop the answer while the client is still
/// sending, so a good deal of the rest is read first and thrown away.
// The reader that made the iterator is done with it; only the one task that writes the answer uses it from then on.
final class RestOfBody: @unchecked Sendable {
    private var iterator: RequestBody.AsyncIterator

    private static let byteLimit = 256 << 20
    private static let timeLimit: Duration = .seconds(10)

    /// Takes over from a reader.
    init(_ iterator: RequestBody.AsyncIterator) { self.iterator = iterator }

    /// Reads and drops what comes, up to a limit of bytes and time.
    func drain() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.drop() }
            group.addTask {
                // Cancelled when the body has ended, which is no failure.
                try? await Task.sleep(for: Self.timeLimit)
            }
            await group.next()
            group.cancelAll()
        }
    }

    @concurrent
    private func drop() async {
        var iterator = self.iterator
        var dropped = 0
        do {
            while dropped < Self.byteLimit, let part = try await iterator.next() { dropped += part.readableBytes }
        } catch {
            // The client has gone.
        }
    }
}
