import CherryCore
import CherryStore
import CherryVault
import HTTPTypes
import Hummingbird

/// The vault's own affairs: passphrase, recovery kit, slots, keys.
struct VaultController: Sendable {
    private enum NewSlotKind: String, CaseIterable {
        case machine
    }

    private struct NewCode: Encodable {
        let recoveryCode: String
    }

    private struct Verified: Encodable {
        let status = "sound"
        let records: Int
    }

    let dependencies: APIDependencies
    let access: AccessControl

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.post("/api/v1/passphrase") { try await self.changePassphrase($0) }
        routes.post("/api/v1/recovery-kit") { try await self.replaceRecoveryCode($0) }
        routes.post("/api/v1/recovery-kit/confirm") { _ in
            try self.dependencies.vault.confirmRecovery()
            return .noContent()
        }
        routes.add(Route(method: .get, template: "/api/v1/vault", isActivity: false)) { try await self.show($0) }
        routes.post("/api/v1/vault/rotate") { try await self.rotate($0) }
        routes.post("/api/v1/vault/slots") { try await self.addSlot($0) }
        routes.delete("/api/v1/vault/slots/{id}") { try await self.removeSlot($0) }
        routes.post("/api/v1/vault/verify", pace: .long) { _ in
            .json(Verified(records: try await self.dependencies.store.verify()))
        }
    }

    private func changePassphrase(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        var old = try fields.object("current")
        let current = try old.loginKeys()
        try old.finish()
        var fresh = try fields.object("new")
        let new = try fresh.loginKeys()
        let kdf = try fresh.kdf()
        try fresh.finish()
        try fields.finish()
        try await self.access.gate.attempt {
            try await self.dependencies.vault.changePassphrase(current: current, new: new, kdf: kdf)
        }
        let session = try call.session
        try await self.access.endSessions(except: session.id)
        await self.access.audit.record(.passphraseChanged, by: session)
        return .noContent()
    }

    private func replaceRecoveryCode(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let login = try fields.loginKeys()
        try fields.finish()
        try await self.access.confirm(login)
        let code = try await self.dependencies.vault.replaceRecoveryCode()
        await self.access.audit.record(.recoveryKitReplaced, by: try call.session)
        return .json(NewCode(recoveryCode: code.formatted.exposed), status: .created)
    }

    private func show(_ call: Call) async throws -> Response {
        try call.query().finish()
        let records = try await self.dependencies.store.recordsByKey()
        return .json(VaultView(self.dependencies.vault.status, records: records))
    }

    private func rotate(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let login = try fields.loginKeys()
        try fields.finish()
        try await self.access.confirm(login)
        _ = try await self.dependencies.vault.beginRotation()
        self.dependencies.actions.beginReseal()
        await self.access.audit.record(.rotationStarted, by: try call.session)
        return Response(status: .accepted)
    }

    private func addSlot(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        _ = try fields.choice("kind", of: NewSlotKind.self)
        let login = try fields.loginKeys()
        try fields.finish()
        try await self.access.confirm(login)
        guard let source = self.dependencies.machineKey else {
            throw APIError(
                .conflict,
                "machineKeyUnavailable",
                "This server has no place for a machine key.",
                hint: "Set CHERRY_KEY_FILE to a path outside the data directory, or use a systemd credential."
            )
        }
        let id = try await self.dependencies.vault.addMachineSlot(source)
        await self.access.audit.record(.slotAdded, by: try call.session)
        guard let slot = self.dependencies.vault.status.slots.first(where: { $0.id == id }) else {
            throw APIError.notFound("slot")
        }
        return .json(VaultView.Slot(slot), status: .created)
    }

    private func removeSlot(_ call: Call) async throws -> Response {
        let id = try call.id(of: "slot")
        var fields = try await call.fields()
        let login = try fields.loginKeys()
        try fields.finish()
        try await self.access.confirm(login)
        try self.dependencies.vault.removeSlot(id)
        await self.access.audit.record(.slotRemoved, by: try call.session)
        return .noContent()
    }
}
