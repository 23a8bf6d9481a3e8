import HTTPTypes
import Hummingbird

/// Registers routes with the checks that each needs. Used once, while the server is put together.
final class RouteBuilder {
    /// What answers a request.
    typealias Handler = @Sendable (Call) async throws -> Response

    private let router: Router<AppRequestContext>
    private let guards: RouteGuards
    private var handlers: [(Route, Handler)] = []
    private var tell: (@Sendable () async -> Void)?
    private(set) var table = RouteTable()

    /// Creates a builder without routes.
    init(router: Router<AppRequestContext>, guards: RouteGuards) {
        self.router = router
        self.guards = guards
    }

    /// Adds a route.
    func add(_ route: Route, _ handler: @escaping Handler) {
        self.table.add(route)
        guard let tell, route.method != .get else { return self.handlers.append((route, handler)) }
        self.handlers.append(
            (
                route,
                { call in
                    let response = try await handler(call)
                    await tell()
                    return response
                }
            )
        )
    }

    /// Adds routes of which those that change something tell of it before they answer.
    func telling(_ tell: @escaping @Sendable () async -> Void, _ addRoutes: () -> Void) {
        self.tell = tell
        addRoutes()
        self.tell = nil
    }

    /// Adds a route that only reads.
    func get(_ template: String, access: Route.Access = .session, _ handler: @escaping Handler) {
        self.add(Route(method: .get, template: template, access: access), handler)
    }

    /// Adds a route that does something.
    func post(
        _ template: String,
        access: Route.Access = .session,
        pace: Route.Pace = .usual,
        _ handler: @escaping Handler
    ) {
        self.add(Route(method: .post, template: template, access: access, pace: pace), handler)
    }

    /// Adds a route that changes a record.
    func patch(_ template: String, _ handler: @escaping Handler) {
        self.add(Route(method: .patch, template: template), handler)
    }

    /// Adds a route that removes something.
    func delete(_ template: String, _ handler: @escaping Handler) {
        self.add(Route(method: .delete, template: template), handler)
    }

    /// Hands all routes to the router, after the middleware that is to wrap them.
    func register() {
        for (route, handler) in self.handlers {
            let path = RouterPath(Self.routerPath(route.template))
            let guards = self.guards
            self.router.on(path, method: route.method) { request, context in
                context.coreContext.endpointPath.value = route.template
                return try await guards.run(route, request, context, handler)
            }
            guard route.method == .get else { continue }
            self.router.on(path, method: .head) { request, context in
                context.coreContext.endpointPath.value = route.template
                return try await guards.run(route, request, context, handler).createHeadResponse()
            }
        }
    }

    /// `/messages/{id}` as the router writes it: `/messages/:id`.
    private static func routerPath(_ template: String) -> String {
        template.replacing("{", with: ":").replacing("}", with: "")
    }
}
