import CherryCore
import CherryVault
import Hummingbird

/// What can be asked without a session: is it alive, is it ready, is it locked, what can it do.
struct HealthController: Sendable {
    private struct Alive: Encodable {
        let status = "alive"
    }

    private struct Ready: Encodable {
        let status = "ready"
        let vault: String
    }

    private struct Status: Encodable {
        let version: String
        let vault: String
        let kdf: KDFParameters?
        let session: Bool
        let retryAfter: Int64?
        let now: Timestamp
        let telemetry: Telemetry?
    }

    private struct Telemetry: Encodable {
        let errors = true
        let release: String
        let environment: String

        init(_ access: TelemetryAccess) {
            self.release = access.release
            self.environment = access.environment
        }
    }

    let dependencies: APIDependencies
    let access: AccessControl

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/livez", access: .open) { _ in .json(Alive()) }
        routes.get("/readyz", access: .open) { _ in
            try await self.dependencies.actions.checkStore()
            return .json(Ready(vault: self.dependencies.vault.state.name))
        }
        routes.get("/openapi.json", access: .open) { _ in
            .json(data: OpenAPIDocument.shared.data(version: self.dependencies.configuration.version))
        }
        routes.get("/api/v1/status", access: .open) { try await self.status($0) }
    }

    private func status(_ call: Call) async throws -> Response {
        try call.query().finish()
        var hasSession = false
        if let token = self.access.cookie.token(in: call.request) {
            hasSession = try await self.access.sessions.peek(token) != nil
        }
        let wait = self.access.gate.wait
        return .json(
            Status(
                version: self.dependencies.configuration.version,
                vault: self.dependencies.vault.state.name,
                kdf: self.dependencies.vault.kdf,
                session: hasSession,
                retryAfter: wait.map { max(1, ($0 + .milliseconds(999)).components.seconds) },
                now: self.dependencies.wallClock.now,
                telemetry: hasSession ? self.dependencies.pageReports().map(Telemetry.init) : nil
            )
        )
    }
}
