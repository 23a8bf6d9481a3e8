import CherryVault
import HTTPTypes
import Hummingbird

/// What is checked before a handler runs: the origin of a request that changes something, its declared size, that the
/// vault is unlocked, that there is a session; and that it all ends in time.
struct RouteGuards: Sendable {
    let hosts: KnownHosts
    let vault: Vault
    let sessions: SessionRegistry
    let cookie: SessionCookie
    let limits: APIConfiguration.Limits
    let clock: any Clock<Duration>

    /// Runs a handler behind its checks.
    func run(
        _ route: Route,
        _ request: Request,
        _ context: AppRequestContext,
        _ handler: @escaping RouteBuilder.Handler
    ) async throws -> Response {
        let limit = route.bodyLimit ?? self.limits.body
        if route.access == .token {
            return try await handler(Call(request: request, context: context, bodyLimit: limit, openSession: nil))
        }
        try self.checkOrigin(of: request)
        let time = route.pace == .long ? self.limits.longRequest : self.limits.request
        return try await self.withDeadline(time) {
            let body = BodyReader(request: request, limit: limit)
            if body.isRefusedByLength { _ = try await body.collect() }
            let session = route.access == .session ? try await self.session(of: request) : nil
            if session != nil, route.isActivity { self.vault.touch() }
            return try await handler(
                Call(request: request, context: context, bodyLimit: limit, openSession: session)
            )
        }
    }

    /// A page of another site can make a browser send a request, but neither with this header nor under our origin.
    private func checkOrigin(of request: Request) throws {
        switch request.method {
        case .get, .head: return
        default: break
        }
        guard request.headers[.cherry] == "1" else {
            throw APIError(
                .forbidden,
                "missingHeader",
                "The request lacks the header X-Cherry.",
                hint: "Send `X-Cherry: 1`."
            )
        }
        let origins = request.headers[values: .origin]
        guard let origin = origins.first else { return }
        guard origins.count == 1, self.hosts.isOwn(origin: origin, authority: request.head.authority ?? "") else {
            throw APIError(.forbidden, "wrongOrigin", "The request comes from a page of another site.")
        }
    }

    private func session(of request: Request) async throws -> Session {
        guard self.vault.state.isUnlocked else { throw APIError.sealed }
        guard let token = self.cookie.token(in: request), let session = try await self.sessions.use(token) else {
            throw APIError.unauthenticated
        }
        return session
    }

    private func withDeadline<Value: Sendable>(
        _ limit: Duration,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let clock = self.clock
        return try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await clock.sleep(for: limit)
                throw APIError.timedOut
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw APIError.timedOut }
            return first
        }
    }
}
