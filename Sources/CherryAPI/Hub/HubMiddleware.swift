import Hummingbird

/// Answers at the hub's address, which is no route of the described interface: what is spoken there is not HTTP.
struct HubMiddleware: RouterMiddleware {
    typealias Context = AppRequestContext

    let handshake: HubHandshake

    func handle(
        _ request: Request,
        context: AppRequestContext,
        next: @concurrent (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path == HubUpgradeHandler.path else { return try await next(request, context) }
        context.coreContext.endpointPath.value = HubUpgradeHandler.path
        return try await self.handshake.respond(to: request, context: context)
    }
}
