import CherryCore
import CherryVault
import Hummingbird

/// Locking, logging out, and the list of who is in.
struct SessionsController: Sendable {
    private struct List: Encodable {
        let sessions: [SessionView]
    }

    let access: AccessControl

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.post("/api/v1/lock") { try await self.lock($0) }
        routes.post("/api/v1/logout") { try await self.logOut($0) }
        routes.get("/api/v1/sessions") { try await self.list($0) }
        routes.delete("/api/v1/sessions/{id}") { try await self.revoke($0) }
    }

    private func lock(_ call: Call) async throws -> Response {
        await self.access.audit.record(.locked, by: try call.session)
        do {
            try await self.access.sessions.endAll()
        } catch {
            // Locking must not fail: sessions that could not be removed end with the lock all the same.
        }
        await self.access.lock()
        self.access.vaultDidLock()
        return .noContent(headers: [.setCookie: self.access.cookie.clearing])
    }

    private func logOut(_ call: Call) async throws -> Response {
        let session = try call.session
        await self.access.audit.record(.loggedOut, by: session)
        try await self.access.endSession(session.id)
        return .noContent(headers: self.access.farewell)
    }

    private func list(_ call: Call) async throws -> Response {
        try call.query().finish()
        let current = try call.session.id
        let sessions = try await self.access.sessions.all().map { SessionView($0, current: current) }
        return .json(List(sessions: sessions))
    }

    private func revoke(_ call: Call) async throws -> Response {
        let id = try call.id(of: "session")
        guard try await self.access.endSession(id) else { throw APIError.notFound("session") }
        let session = try call.session
        await self.access.audit.record(.deviceRevoked, by: session)
        return .noContent(headers: id == session.id ? self.access.farewell : [:])
    }
}
