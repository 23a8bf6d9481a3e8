import HTTPTypes
import Metrics
import Synchronization

/// Counts and times requests by the template of their route. The instruments of each are made once.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let method: HTTPRequest.Method
        let route: String
    }

    private struct Instruments {
        let duration: Timer
        /// One for each class of statuses.
        let statuses: [Counter]
    }

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    private let factory: any MetricsFactory
    private let instruments = Mutex<[Key: Instruments]>([:])
    private let lag: Recorder

    init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
        self.lag = Recorder(label: "cherry_sync_lag_changes", dimensions: [], aggregate: true, factory: factory)
    }

    /// A request was answered.
    ///
    /// - Parameters:
    ///   - route: the template, never the path; one of a closed set.
    ///   - time: to the beginning of the answer.
    func note(_ method: HTTPRequest.Method, _ route: String, _ status: HTTPResponse.Status, _ time: Duration) {
        // The methods of a request are a client's words.
        let key = Key(method: Self.methods.contains(method) ? method : Self.other, route: route)
        let instruments = self.instruments.withLock { known in
            if let instruments = known[key] { return instruments }
            let instruments = self.make(key)
            known[key] = instruments
            return instruments
        }
        instruments.duration.record(duration: time)
        let place = status.code / 100 - 1
        if instruments.statuses.indices.contains(place) { instruments.statuses[place].increment() }
    }

    /// A browser asks for what is new and is so many changes behind.
    func noteLag(_ changes: Int64) { self.lag.record(max(0, changes)) }

    private func make(_ key: Key) -> Instruments {
        let labels = [("route", key.route), ("method", key.method == Self.other ? "other" : key.method.rawValue)]
        return Instruments(
            duration: Timer(
                label: "cherry_http_request_duration_seconds",
                dimensions: labels,
                factory: self.factory
            ),
            statuses: (1...5).map { number in
                Counter(
                    label: "cherry_http_requests_total",
                    dimensions: labels + [("status", "\(number)xx")],
                    factory: self.factory
                )
            }
        )
    }

    /// Stands for all that are not usual.
    private static let other = HTTPRequest.Method.trace
}
