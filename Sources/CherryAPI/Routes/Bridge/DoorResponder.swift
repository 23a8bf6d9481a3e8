import Hummingbird

/// Takes the requests of other tools, below `/v1`, to the doors, and all others to the router.
///
/// Tools ask often and wait for every step, so nothing of what a browser's request goes through is in their way.
struct DoorResponder<Next: HTTPResponder>: HTTPResponder where Next.Context == AppRequestContext {
    typealias Context = AppRequestContext

    let doors: Doors
    let next: Next

    func respond(to request: Request, context: AppRequestContext) async throws -> Response {
        guard let asked = DoorRequest(request, channel: context.channel) else {
            return try await self.next.respond(to: request, context: context)
        }
        return try await self.doors.respond(to: asked)
    }
}
