import CherryCore
import CherryVault
import HTTPTypes
import Hummingbird

/// The ways in: first set-up, unlocking, and the recovery kit.
struct UnlockController: Sendable {
    private struct SetUp: Encodable {
        let recoveryCode: String
        let session: SessionView
    }

    private struct Unlocked: Encodable {
        let session: SessionView
    }

    let dependencies: APIDependencies
    let access: AccessControl

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.post("/api/v1/setup", access: .open) { try await self.setUp($0) }
        routes.post("/api/v1/unlock", access: .open) { try await self.unlock($0) }
        routes.post("/api/v1/recover", access: .open) { try await self.recover($0) }
    }

    private func setUp(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let login = try fields.loginKeys()
        let kdf = try fields.kdf()
        try fields.finish()
        let code = try await self.access.gate.attempt {
            try await self.dependencies.vault.create(login: login, kdf: kdf)
        }
        await self.dependencies.actions.didUnlock()
        await self.access.audit.record(.vaultCreated, by: nil)
        let (session, headers) = try await self.access.beginSession(for: call.request)
        return .json(
            SetUp(
                recoveryCode: code.formatted.exposed,
                session: SessionView(session, current: session.id)
            ),
            status: .created,
            headers: headers
        )
    }

    private func unlock(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let login = try fields.loginKeys()
        try fields.finish()
        let vault = self.dependencies.vault
        let wasSealed = try await self.access.gate.attempt {
            if vault.state.isUnlocked {
                guard try await vault.verify(login) else { throw APIError.wrongPassphrase }
                return false
            }
            // Whoever was in before the vault was locked, or before a restart, must unlock again too.
            self.access.sessions.empty()
            try await vault.unlock(login)
            return true
        }
        if wasSealed { try await self.open() }
        return try await self.welcome(call, as: wasSealed ? .unlocked : .loggedIn)
    }

    private func recover(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let text = try fields.text("recoveryCode", .recoveryCode)
        let login = try fields.loginKeys()
        let kdf = try fields.kdf()
        try fields.finish()
        // A mistyped code fails its checksum: that is no attempt.
        let code = try RecoveryCode(parsing: text)
        let vault = self.dependencies.vault
        try await self.access.gate.attempt {
            try await vault.recover(code, new: login, kdf: kdf)
        }
        try await self.open()
        return try await self.welcome(call, as: .recovered)
    }

    /// After the vault was opened: nobody from before is in.
    private func open() async throws {
        try await self.access.endSessions(except: nil)
        await self.dependencies.actions.didUnlock()
    }

    private func welcome(_ call: Call, as kind: AuditEvent.Kind) async throws -> Response {
        let (session, headers) = try await self.access.beginSession(for: call.request)
        await self.access.audit.record(kind, by: session)
        return .json(Unlocked(session: SessionView(session, current: session.id)), headers: headers)
    }
}
