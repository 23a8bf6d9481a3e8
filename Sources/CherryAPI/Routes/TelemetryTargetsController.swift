import CherryCore
import CherryJournal
import CherryObservability
import Hummingbird

/// Where telemetry goes and what came of it.
struct TelemetryTargetsController: Sendable {
    private static let value = TextRule(minimum: 1, maximum: 4096)

    let telemetry: Telemetry
    let audit: AuditTrail

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/telemetry") { call in
            try call.query().finish()
            return .json(await self.view())
        }
        routes.patch("/api/v1/telemetry") { try await self.name($0) }
        routes.patch("/api/v1/telemetry/{kind}") { try await self.change($0) }
        routes.delete("/api/v1/telemetry/{kind}") { try await self.remove($0) }
        routes.post("/api/v1/telemetry/{kind}/test") { call in
            guard let outcome = await self.telemetry.test(try Self.kind(call)) else {
                throw APIError.notFound("destination")
            }
            return .json(TelemetryOutcomeView(outcome))
        }
    }

    private func view() async -> TelemetryView {
        let ledger = await self.telemetry.ledger()
        let settings = self.telemetry.settings
        return TelemetryView(
            environment: settings.environment,
            instance: settings.instance,
            problem: self.telemetry.problem.map { .init(message: $0.message, hint: $0.hint) },
            destinations: TelemetryKind.allCases.map { kind in
                TelemetryDestinationView(
                    kind,
                    settings.targets[kind],
                    self.telemetry.health(of: kind),
                    ledger.first { $0.destination == kind.rawValue }
                )
            }
        )
    }

    private func name(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let environment = try fields.text("environment", TextRule(minimum: 1, maximum: 32))
        try fields.finish()
        guard TelemetrySettings.isEnvironment(environment) else {
            throw APIError.invalid("environment: must be small letters, digits and hyphens, at most 32.")
        }
        try self.edit { $0.environment = environment }
        return .json(await self.view())
    }

    private func change(_ call: Call) async throws -> Response {
        let kind = try Self.kind(call)
        var fields = try await call.fields()
        var values = try fields.object("values")
        try fields.finish()
        var changes: [String: String?] = [:]
        for field in kind.fields {
            switch try values.editText(field.name, Self.value) {
            case .keep: break
            case .clear: changes[field.name] = .some(nil)
            case .set(let text): changes[field.name] = text
            }
        }
        try values.finish()
        try self.edit { settings in
            let target =
                try settings.targets[kind]?.changing(changes) ?? TelemetryTarget(kind, changes.compactMapValues(\.self))
            settings.set(target, for: kind)
        }
        await self.audit.record(.telemetryChanged, by: try call.session)
        return .json(await self.view())
    }

    private func remove(_ call: Call) async throws -> Response {
        let kind = try Self.kind(call)
        guard self.telemetry.settings.targets[kind] != nil else { throw APIError.notFound("destination") }
        try self.edit { $0.set(nil, for: kind) }
        await self.audit.record(.telemetryChanged, by: try call.session)
        return .noContent()
    }

    private func edit(_ change: (inout TelemetrySettings) throws -> Void) throws {
        var settings = self.telemetry.settings
        try change(&settings)
        try self.telemetry.set(settings)
    }

    private static func kind(_ call: Call) throws -> TelemetryKind {
        guard let kind = call.context.parameters.get("kind").flatMap({ TelemetryKind(rawValue: $0) }) else {
            throw APIError.notFound("destination")
        }
        return kind
    }
}
