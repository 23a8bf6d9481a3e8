import CherryCore
import CherryVault
import HTTPTypes
import Synchronization
import Testing

@testable import CherryAPI

@Suite("The vault's own affairs")
struct VaultTests {
    private static let unknown = "01890000-0000-7000-8000-000000000000"

    @Test("The passphrase is changed by who knows it; other sessions end")
    func passphrase() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let other = visitor.another()
            try await other.unlock()
            let new: JSONValue = .object(Visitor.keys(2).merging(["kdf": Visitor.kdf]))
            let wrong = try await visitor.call(
                .post,
                "/api/v1/passphrase",
                ["current": .object(Visitor.wrongLogin), "new": new]
            )
            #expect(wrong.code == "wrongPassphrase")
            #expect(try await other.call(.get, "/api/v1/vault").status == .ok)
            let answer = try await visitor.call(
                .post,
                "/api/v1/passphrase",
                ["current": .object(Visitor.login), "new": new]
            )
            #expect(answer.status == .noContent)
            #expect(try await other.call(.get, "/api/v1/vault").code == "unauthenticated")
            #expect(try await visitor.call(.get, "/api/v1/vault").status == .ok)
            #expect(try await other.unlock().code == "wrongPassphrase")
            #expect(try await other.unlock(Visitor.keys(2)).status == .ok)
        }
    }

    @Test("A new recovery code replaces the old one; the user confirms having it")
    func recoveryKit() async throws {
        let stage = try Stage()
        try await stage.run { visitor in
            let old = try await visitor.setUp()
            #expect(try await visitor.call(.get, "/api/v1/vault")["recoveryConfirmed"] == false)
            #expect(try await visitor.call(.post, "/api/v1/recovery-kit/confirm").status == .noContent)
            #expect(try await visitor.call(.get, "/api/v1/vault")["recoveryConfirmed"] == true)
            let answer = try await visitor.call(.post, "/api/v1/recovery-kit", .object(Visitor.login))
            #expect(answer.status == .created)
            #expect(try await visitor.call(.get, "/api/v1/vault")["recoveryConfirmed"] == false)
            var body = Visitor.keys(3)
            body["kdf"] = Visitor.kdf
            body["recoveryCode"] = .string(old)
            #expect(
                try await visitor.another().call(.post, "/api/v1/recover", .object(body)).code == "wrongRecoveryCode"
            )
            body["recoveryCode"] = answer["recoveryCode"]
            #expect(try await visitor.another().call(.post, "/api/v1/recover", .object(body)).status == .ok)
        }
    }

    @Test("The vault shows its slots and keys")
    func show() async throws {
        try await Stage().runUnlocked { visitor in
            let vault = try await visitor.call(.get, "/api/v1/vault")
            #expect(vault["state"] == "unlocked")
            #expect(vault["slots"].items.map { $0["kind"].text }.sorted() == ["passphrase", "recovery"])
            #expect(vault["keys"].items.count == 1)
            #expect(vault["keys"][0]["active"] == true)
            #expect(vault["keys"][0]["records"].number > 0)
            #expect(vault["unlockedAt"].number > 0)
            #expect(vault["idleLockAt"].number > vault["unlockedAt"].number)
            #expect(vault["rotation"] == .null)
        }
    }

    @Test("A rotation makes a new key and begins to seal anew; a second one has to wait")
    func rotate() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            #expect(try await visitor.call(.post, "/api/v1/vault/rotate", .object(Visitor.login)).status == .accepted)
            #expect(stage.calls.withLock { $0.reseals } == 1)
            let vault = try await visitor.call(.get, "/api/v1/vault")
            #expect(vault["keys"].items.count == 2)
            #expect(vault["rotation"]["running"] == true)
            #expect(vault["rotation"]["remaining"].number > 0)
            let again = try await visitor.call(.post, "/api/v1/vault/rotate", .object(Visitor.login))
            #expect(again.status == .conflict && again.code == "rotationRunning")
        }
    }

    @Test("The passphrase's slot cannot be removed, the recovery code's can; a machine slot needs a place for its key")
    func slots() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let slots = try await visitor.call(.get, "/api/v1/vault")["slots"].items
            func path(_ kind: String) -> String {
                "/api/v1/vault/slots/\(slots.first { $0["kind"].text == kind }?["id"].text ?? "")"
            }
            let last = try await visitor.call(.delete, path("passphrase"), .object(Visitor.login))
            #expect(last.status == .conflict && last.code == "lastSlot")
            let wrong = try await visitor.call(.delete, path("recovery"), .object(Visitor.wrongLogin))
            #expect(wrong.code == "wrongPassphrase")
            #expect(try await visitor.call(.delete, path("recovery"), .object(Visitor.login)).status == .noContent)
            let gone = try await visitor.call(.delete, "/api/v1/vault/slots/\(Self.unknown)", .object(Visitor.login))
            #expect(gone.status == .notFound && gone.code == "notFound")
            var body = Visitor.login
            body["kind"] = "machine"
            let machine = try await visitor.call(.post, "/api/v1/vault/slots", .object(body))
            #expect(machine.status == .conflict && machine.code == "machineKeyUnavailable")
            body["kind"] = "passphrase"
            #expect(try await visitor.call(.post, "/api/v1/vault/slots", .object(body)).status == .unprocessableContent)
        }
    }

    @Test("Verifying says that the records are sound")
    func verify() async throws {
        try await Stage().runUnlocked { visitor in
            _ = try await visitor.makeConversation()
            let answer = try await visitor.call(.post, "/api/v1/vault/verify")
            #expect(answer["status"] == "sound")
            #expect(answer["records"].number > 0)
        }
    }

    @Test("Asking for what is there puts off the idle lock; what an open window asks by itself does not")
    func activity() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let limit = Duration.seconds(15 * 60)
            stage.clock.advance(by: limit - .seconds(1))
            try await visitor.call(.get, "/api/v1/conversations")
            stage.clock.advance(by: limit - .seconds(1))
            #expect(!stage.vault.lockIfIdle())
            for path in ["/api/v1/changes", "/api/v1/vault", "/api/v1/system", "/api/v1/status"] {
                try await visitor.call(.get, path)
            }
            stage.clock.advance(by: .seconds(1))
            #expect(stage.vault.lockIfIdle())
            #expect(try await visitor.call(.get, "/api/v1/conversations").code == "sealed")
        }
    }
}
