import Synchronization

/// The exchanges that are under way, and the news of them for those who watch. A slow watcher misses older news, never
/// the newest of all.
final class ExchangeFeed: Sendable {
    private static let limit = 256

    private struct State {
        var running: [String: ExchangeReport] = [:]
        var watchers: [Int: AsyncStream<ExchangeReport>.Continuation] = [:]
        var nextWatcher = 0
    }
    private let state = Mutex(State())

    /// What is under way, in order of its beginning.
    var running: [ExchangeReport] {
        self.state.withLock { $0.running.values.sorted { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) } }
    }

    func publish(_ report: ExchangeReport) {
        self.state.withLock { state in
            state.running[report.id] = report.stage == .ended ? nil : report
            for watcher in state.watchers.values { watcher.yield(report) }
        }
    }

    /// What is under way, each once, and then the news.
    func watch() -> AsyncStream<ExchangeReport> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ExchangeReport.self,
            bufferingPolicy: .bufferingNewest(Self.limit)
        )
        let key = self.state.withLock { state in
            for report in state.running.values { continuation.yield(report) }
            state.nextWatcher += 1
            state.watchers[state.nextWatcher] = continuation
            return state.nextWatcher
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.watchers.removeValue(forKey: key) }
        }
        return stream
    }
}
