import CherryCore
import CherryStore
import CherryVault
import HTTPTypes
import Hummingbird
import Synchronization
import Testing

@testable import CherryAPI

@Suite("Set-up, unlocking and recovery")
struct UnlockTests {
    private static func newLogin(_ seed: UInt8, _ more: JSONObject = [:]) -> JSONValue {
        var body = Visitor.keys(seed)
        body["kdf"] = Visitor.kdf
        return .object(body.merging(more))
    }

    @Test("Set-up makes the vault, shows a recovery code once, and is refused ever after")
    func setUp() async throws {
        let stage = try Stage()
        try await stage.run { visitor in
            #expect(try await visitor.call(.get, "/api/v1/status")["vault"] == "uninitialized")
            let code = try await visitor.setUp()
            #expect(throws: Never.self) { try RecoveryCode(parsing: code) }
            let status = try await visitor.call(.get, "/api/v1/status")
            #expect(status["vault"] == "unlocked")
            #expect(status["session"] == true)
            #expect(status["kdf"] == Visitor.kdf)
            #expect(status["version"] == "1.2.3")
            #expect(stage.calls.withLock { $0.unlocks } == 1)
            let again = try await visitor.another().call(.post, "/api/v1/setup", Self.newLogin(5))
            #expect(again.status == .conflict && again.code == "alreadySetUp")
            #expect(try await visitor.another().unlock(Visitor.keys(5)).code == "wrongPassphrase")
        }
    }

    @Test(
        "Weak or malformed parameters are refused and no vault is made",
        arguments: [
            ("iterations", .integer(599_999)), ("iterations", .integer(10_000_001)), ("iterations", "600000"),
            ("algorithm", "md5"), ("salt", "AAAA"), ("salt", "=============="), ("extra", 1),
        ] as [(String, JSONValue)]
    )
    func weakParameters(field: String, value: JSONValue) async throws {
        let stage = try Stage()
        try await stage.run { visitor in
            guard case .object(var kdf) = Visitor.kdf else { return }
            kdf[field] = value
            let answer = try await visitor.call(.post, "/api/v1/setup", Self.newLogin(1, ["kdf": .object(kdf)]))
            #expect(answer.status == .unprocessableContent && answer.code == "invalid")
            #expect(answer.message.hasPrefix("kdf.\(field): "))
            #expect(stage.vault.state == .uninitialized)
        }
    }

    @Test(
        "Keys of another length or alphabet are refused",
        arguments: [
            "", "AAAA", String(repeating: "A", count: 44), String(repeating: "+", count: 43),
            String(repeating: "A", count: 42) + "B",
        ]
    )
    func keys(text: String) async throws {
        try await Stage().runUnlocked { visitor in
            let answer = try await visitor.unlock(["authKey": .string(text), "unsealKey": Visitor.login["unsealKey"]!])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.message.hasPrefix("authKey: "))
        }
    }

    @Test("A wrong passphrase opens nothing, locked or unlocked")
    func wrongPassphrase() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let other = visitor.another()
            let answer = try await other.unlock(Visitor.wrongLogin)
            #expect(answer.status == .unauthorized && answer.code == "wrongPassphrase")
            #expect(other.cookieValue == nil)
            try await visitor.call(.post, "/api/v1/lock")
            #expect(try await visitor.unlock(Visitor.wrongLogin).code == "wrongPassphrase")
            #expect(stage.vault.state == .sealed)
        }
    }

    @Test("Before there is a vault nothing can be unlocked or recovered")
    func nothingYet() async throws {
        try await Stage().run { visitor in
            let answer = try await visitor.unlock()
            #expect(answer.status == .conflict && answer.code == "notSetUp")
        }
    }

    @Test("Wrong passphrases make everybody wait, over a restart too, and the right one ends it")
    func backoff() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            for _ in 0..<3 { #expect(try await visitor.unlock(Visitor.wrongLogin).status == .unauthorized) }
            let answer = try await visitor.unlock()
            #expect(answer.status == .tooManyRequests && answer.code == "tooManyAttempts")
            #expect(answer.headers[.retryAfter] == "1")
            #expect(answer["error"]["retryAfter"] == 1)
            #expect(try await visitor.call(.get, "/api/v1/status")["retryAfter"] == 1)
        }
        try await stage.run { visitor async throws in
            #expect(try await visitor.unlock().code == "tooManyAttempts")
            stage.clock.advance(by: .seconds(1))
            #expect(try await visitor.unlock(Visitor.wrongLogin).status == .unauthorized)
            #expect(try await visitor.unlock().headers[.retryAfter] == "2")
            stage.clock.advance(by: .seconds(2))
            #expect(try await visitor.unlock().status == .ok)
            #expect(try await visitor.call(.get, "/api/v1/status")["retryAfter"] == .null)
            for _ in 0..<2 { #expect(try await visitor.unlock(Visitor.wrongLogin).status == .unauthorized) }
            #expect(try await visitor.unlock().status == .ok)
        }
    }

    @Test(
        "The wait holds for everything that checks a passphrase",
        arguments: [
            ("POST", "/api/v1/passphrase"), ("POST", "/api/v1/recovery-kit"), ("POST", "/api/v1/vault/rotate"),
            ("POST", "/api/v1/vault/slots"), ("POST", "/api/v1/export"), ("POST", "/api/v1/erase"),
            ("DELETE", "/api/v1/vault/slots/01890000-0000-7000-8000-000000000000"), ("POST", "/api/v1/recover"),
        ]
    )
    func backoffEverywhere(method: String, path: String) async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            for _ in 0..<3 { _ = try await visitor.unlock(Visitor.wrongLogin) }
            var body = Visitor.login
            switch path {
            case "/api/v1/passphrase": body = ["current": .object(Visitor.login), "new": Self.newLogin(2)]
            case "/api/v1/vault/slots": body["kind"] = "machine"
            case "/api/v1/export": body["format"] = "json"
            case "/api/v1/recover":
                body["kdf"] = Visitor.kdf
                body["recoveryCode"] = .string(RecoveryCode.make().formatted.exposed)
            default: break
            }
            let answer = try await visitor.call(HTTPRequest.Method(method)!, path, .object(body))
            #expect(answer.status == .tooManyRequests && answer.code == "tooManyAttempts")
            #expect(stage.vault.state.isUnlocked)
        }
    }

    @Test("The recovery code sets a new passphrase and ends every session")
    func recover() async throws {
        let stage = try Stage()
        try await stage.run { visitor in
            let code = try await visitor.setUp()
            try await visitor.call(.post, "/api/v1/lock")
            let helper = visitor.another()
            let answer = try await helper.call(
                .post,
                "/api/v1/recover",
                Self.newLogin(2, ["recoveryCode": .string(code.lowercased())])
            )
            #expect(answer.status == .ok)
            #expect(try await helper.call(.get, "/api/v1/sessions")["sessions"].items.count == 1)
            #expect(try await visitor.another().unlock().code == "wrongPassphrase")
            let other = visitor.another()
            #expect(try await other.unlock(Visitor.keys(2)).status == .ok)
            let again = try await visitor.another().call(
                .post,
                "/api/v1/recover",
                Self.newLogin(3, ["recoveryCode": .string(code)])
            )
            #expect(again.status == .ok)
            #expect(try await other.call(.get, "/api/v1/sessions").code == "unauthenticated")
        }
    }

    @Test("A mistyped recovery code is told apart from a wrong one and costs no attempt")
    func mistypedCode() async throws {
        try await Stage().runUnlocked { visitor in
            for _ in 0..<5 {
                let answer = try await visitor.call(
                    .post,
                    "/api/v1/recover",
                    Self.newLogin(2, ["recoveryCode": .string(String(repeating: "0", count: 36))])
                )
                #expect(answer.status == .unauthorized && answer.code == "malformedRecoveryCode")
            }
            let wrong = RecoveryCode.make().formatted.exposed
            let answer = try await visitor.call(
                .post,
                "/api/v1/recover",
                Self.newLogin(2, ["recoveryCode": .string(wrong)])
            )
            #expect(answer.status == .unauthorized && answer.code == "wrongRecoveryCode")
        }
    }

    @Test("What happened is written down, sealed, with the device that did it")
    func audit() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let session = try await visitor.call(.get, "/api/v1/sessions")["sessions"][0]["id"].text
            try await visitor.call(.post, "/api/v1/logout")
            let events = try await stage.store.list(AuditEvent.self).map(\.value)
            #expect(Set(events.map(\.kind)) == [.vaultCreated, .loggedOut])
            #expect(events.first { $0.kind == .loggedOut }?.deviceID?.description == session)
        }
    }
}
