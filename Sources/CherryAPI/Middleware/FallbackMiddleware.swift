import HTTPTypes
import Hummingbird

/// Answers what no route does: known paths with another method, unknown paths below `/api`, and the web app's files.
struct FallbackMiddleware: RouterMiddleware {
    typealias Context = AppRequestContext

    let routes: RouteTable
    let web: WebRoot

    func handle(
        _ request: Request,
        context: AppRequestContext,
        next: @concurrent (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        // The router sets this before any middleware runs; it is empty when no route matched.
        guard context.endpointPath == nil else { return try await next(request, context) }
        let path = request.uri.path
        if let allowed = self.routes.methods(at: path) { throw APIError.methodNotAllowed(allowed) }
        if path == "/api" || path.hasPrefix("/api/") { throw APIError.notFound("address") }
        guard request.method == .get || request.method == .head else {
            throw APIError.methodNotAllowed([.get, .head])
        }
        context.coreContext.endpointPath.value = "web"
        let response = try self.web.response(to: request)
        return request.method == .head ? response.createHeadResponse() : response
    }
}
