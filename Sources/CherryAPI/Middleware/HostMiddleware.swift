import HTTPTypes
import Hummingbird

/// Answers only to the names this server is known by, so that a foreign name pointed at it reaches nothing.
struct HostMiddleware: RouterMiddleware {
    typealias Context = AppRequestContext

    let hosts: KnownHosts

    func handle(
        _ request: Request,
        context: AppRequestContext,
        next: @concurrent (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority, self.hosts.includes(authority) else {
            throw APIError(
                .misdirectedRequest,
                "unknownHost",
                "This server does not answer to that host name.",
                hint: "Use localhost, or set the public address."
            )
        }
        return try await next(request, context)
    }
}
