import CherryCore
import HTTPTypes
import Hummingbird
import Synchronization

/// The way by which the web app reports its own failures, so that a browser contacts no other server.
///
/// What is sent is not passed through: `TelemetryAccess.receive` reads it into a closed model.
final class ReportsController: Sendable {
    /// Bytes of one envelope.
    static let bodyLimit = 128 * 1024

    private let access: @Sendable () -> TelemetryAccess?
    private let clock: WallClock
    private let budget = Mutex(TokenBucket(burst: 60, interval: .seconds(1)))

    init(access: @escaping @Sendable () -> TelemetryAccess?, clock: WallClock) {
        self.access = access
        self.clock = clock
    }

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        let route = Route(
            method: .post,
            template: "/api/v1/reports",
            isActivity: false,
            bodyLimit: Self.bodyLimit
        )
        routes.add(route) { try await self.receive($0) }
    }

    private func receive(_ call: Call) async throws -> Response {
        guard let access = self.access() else { throw APIError.notFound("address") }
        let type = call.request.headers[.contentType]?.lowercased()
        guard type == "application/x-sentry-envelope" else {
            throw APIError(
                .unsupportedMediaType,
                "unsupportedMediaType",
                "The body must be application/x-sentry-envelope."
            )
        }
        guard self.budget.withLock({ $0.take(at: self.clock.now) }) else {
            var error = APIError(.tooManyRequests, "tooManyReports", "There were too many reports at once.")
            error.retryAfter = .seconds(60)
            throw error
        }
        let body = try await BodyReader(request: call.request, limit: call.bodyLimit).collect()
        let limits = try await access.receive(Array(body.readableBytesView))
        return .noContent(headers: limits.map { [.sentryRateLimits: $0] } ?? [:])
    }
}

extension HTTPField.Name {
    /// What a Sentry server wants to be left alone with.
    fileprivate static let sentryRateLimits = Self("X-Sentry-Rate-Limits")!
}
