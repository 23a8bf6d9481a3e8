import CherryCore
import Hummingbird
import Logging

/// Writes one line for each answer: the route's template, the status and the time it took. Never a path as it was
/// asked for, a query, an id or a body: those may be the user's.
struct AccessLogMiddleware: RouterMiddleware {
    typealias Context = AppRequestContext

    let reporter: any ErrorReporter
    let metrics: RequestMetrics

    func handle(
        _ request: Request,
        context: AppRequestContext,
        next: @concurrent (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        self.reporter.note(
            .answered(
                method: request.method.rawValue,
                route: context.endpointPath,
                status: Int(response.status.code)
            )
        )
        let time = ContinuousClock.now - start
        self.metrics.note(request.method, context.endpointPath ?? "unmatched", response.status, time)
        let (seconds, attoseconds) = time.components
        context.logger.info(
            "request",
            metadata: [
                "http.method": "\(request.method.rawValue)",
                "http.route": "\(context.endpointPath ?? "-")",
                "http.status": "\(response.status.code)",
                "http.milliseconds": "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)",
            ]
        )
        return response
    }
}
