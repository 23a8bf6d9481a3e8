import CherryCore
import CherryStore
import CherryVault
import Foundation
import HTTPTypes
import Hummingbird
import Synchronization
import Testing

@testable import CherryAPI

@Suite("Sessions")
struct SessionTests {
    private static let protected = "/api/v1/sessions"

    @Test("The cookie cannot be read by scripts nor sent by other sites, and is 256 bits that are nowhere stored")
    func cookie() async throws {
        let stage = try Stage()
        try await stage.run { visitor in
            var body = Visitor.login
            body["kdf"] = Visitor.kdf
            let answer = try await visitor.call(.post, "/api/v1/setup", .object(body))
            let parts = try #require(answer.headers[.setCookie]).split(separator: ";").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            #expect(parts[0].hasPrefix("cherry_session="))
            #expect(Set(parts.dropFirst()) == ["Path=/", "Max-Age=2592000", "HttpOnly", "SameSite=Strict"])
            let token = parts[0].dropFirst("cherry_session=".count)
            #expect(Base64URL.decode(String(token))?.count == 32)
            let devices = try await stage.store.list(Device.self)
            #expect(devices.count == 1)
            #expect(devices[0].value.tokenDigest.count == 64)
            #expect(!devices[0].value.tokenDigest.contains(token))
        }
    }

    @Test("Over TLS the cookie belongs to this host alone", arguments: [true, false])
    func hostCookie(isProxied: Bool) async throws {
        let stage = try Stage { configuration in
            if isProxied { configuration.publicURL = "https://cherry.example.org" } else { configuration.isTLS = true }
        }
        try await stage.run { visitor in
            var body = Visitor.login
            body["kdf"] = Visitor.kdf
            let answer = try await visitor.call(.post, "/api/v1/setup", .object(body))
            let cookie = try #require(answer.headers[.setCookie])
            #expect(cookie.hasPrefix("__Host-cherry_session="))
            #expect(cookie.hasSuffix("; Secure"))
            #expect(try await visitor.call(.get, Self.protected).status == .ok)
            let plain = try #require(visitor.cookieValue).replacing("__Host-", with: "")
            visitor.cookieValue = plain
            #expect(try await visitor.call(.get, Self.protected).status == .unauthorized)
        }
    }

    @Test("Every unlock hands out a new token, and the browser's old one ends")
    func rotation() async throws {
        try await Stage().runUnlocked { visitor in
            let first = try #require(visitor.cookieValue)
            #expect(try await visitor.unlock().status == .ok)
            let second = try #require(visitor.cookieValue)
            #expect(first != second)
            #expect(try await visitor.call(.get, Self.protected)["sessions"].items.count == 1)
            visitor.cookieValue = first
            #expect(try await visitor.call(.get, Self.protected).code == "unauthenticated")
        }
    }

    @Test("A second browser logs in beside the first; each sees which one it is")
    func secondBrowser() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            stage.clock.advance(by: .seconds(5))
            let other = visitor.another()
            let answer = try await other.call(
                .post,
                "/api/v1/unlock",
                .object(Visitor.login),
                headers: [.userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"]
            )
            #expect(answer["session"]["name"] == "Firefox on Linux")
            #expect(answer["session"]["current"] == true)
            let list = try await visitor.call(.get, Self.protected)["sessions"].items
            #expect(list.count == 2)
            #expect(list.filter { $0["current"] == true }.count == 1)
            let theirs = try #require(list.first { $0["current"] == false })
            #expect(theirs["name"] == "Firefox on Linux")
            #expect(theirs.keys == ["id", "name", "createdAt", "lastSeenAt", "expiresAt", "current"])
        }
    }

    @Test("A session that is not used for twelve hours ends; one that is used does not")
    func idle() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            for _ in 0..<3 {
                stage.clock.advance(by: .seconds(12 * 3600 - 1))
                #expect(try await visitor.call(.get, Self.protected).status == .ok)
            }
            stage.clock.advance(by: .seconds(12 * 3600))
            #expect(try await visitor.call(.get, "/api/v1/status")["session"] == false)
            let answer = try await visitor.call(.get, Self.protected)
            #expect(answer.status == .unauthorized && answer.code == "unauthenticated")
        }
    }

    @Test("A session ends after thirty days however much it is used")
    func absolute() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor async throws in
            for _ in 0..<(30 * 24 / 6 - 1) {
                stage.clock.advance(by: .seconds(6 * 3600))
                #expect(try await visitor.call(.get, Self.protected).status == .ok)
            }
            stage.clock.advance(by: .seconds(6 * 3600))
            #expect(try await visitor.call(.get, Self.protected).code == "unauthenticated")
        }
    }

    @Test("The time of last use is written at most once a minute")
    func lastSeen() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            func version() async throws -> Int64 { try await stage.store.list(Device.self)[0].version }
            #expect(try await version() == 1)
            for _ in 0..<5 {
                stage.clock.advance(by: .seconds(11))
                try await visitor.call(.get, Self.protected)
            }
            #expect(try await version() == 1)
            stage.clock.advance(by: .seconds(5))
            try await visitor.call(.get, Self.protected)
            try await visitor.call(.get, Self.protected)
            let device = try await stage.store.list(Device.self)[0]
            #expect(device.version == 2)
            #expect(device.value.lastSeenAt == stage.clock.wall.now)
        }
    }

    @Test("A session can be ended from another, and its own end says farewell")
    func revoke() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let other = visitor.another()
            let theirs = try await other.unlock()["session"]["id"].text
            #expect(try await visitor.call(.delete, "/api/v1/sessions/\(theirs)").status == .noContent)
            #expect(try await other.call(.get, Self.protected).code == "unauthenticated")
            #expect(try await visitor.call(.delete, "/api/v1/sessions/\(theirs)").status == .notFound)
            let mine = try await visitor.call(.get, Self.protected)["sessions"][0]["id"].text
            let answer = try await visitor.call(.delete, "/api/v1/sessions/\(mine)")
            #expect(answer.headers[HTTPField.Name("Clear-Site-Data")!] == "\"cache\", \"storage\"")
            #expect(visitor.cookieValue == nil)
            #expect(try await stage.store.list(Device.self).isEmpty)
        }
    }

    @Test("Logging out ends the session, clears the browser and leaves the vault unlocked")
    func logOut() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let token = visitor.cookieValue
            let answer = try await visitor.call(.post, "/api/v1/logout")
            #expect(answer.status == .noContent)
            #expect(answer.headers[HTTPField.Name("Clear-Site-Data")!] == "\"cache\", \"storage\"")
            #expect(stage.vault.state.isUnlocked)
            visitor.cookieValue = token
            #expect(try await visitor.call(.get, Self.protected).code == "unauthenticated")
        }
    }

    @Test("After a lock every session must unlock again")
    func lock() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let other = visitor.another()
            try await other.unlock()
            let mine = visitor.cookieValue
            #expect(try await visitor.call(.post, "/api/v1/lock").status == .noContent)
            #expect(!stage.vault.state.isUnlocked)
            #expect(try await other.call(.get, Self.protected).code == "sealed")
            stage.clock.advance(by: .seconds(1))
            try await visitor.unlock()
            #expect(try await other.call(.get, Self.protected).code == "unauthenticated")
            #expect(try await visitor.call(.get, Self.protected).status == .ok)
            visitor.cookieValue = mine
            #expect(try await visitor.call(.get, Self.protected).code == "unauthenticated")
        }
    }

    @Test("So it is after a lock that came from elsewhere")
    func lockFromElsewhere() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let other = visitor.another()
            try await other.unlock()
            stage.clock.advance(by: .seconds(3600))
            #expect(stage.vault.lockIfIdle())
            stage.clock.advance(by: .seconds(1))
            try await visitor.unlock()
            #expect(try await other.call(.get, Self.protected).code == "unauthenticated")
            #expect(try await stage.store.list(Device.self).count == 1)
        }
    }

    @Test("A restart that did not lock the vault keeps the sessions, but not those that have ended")
    func restart() async throws {
        let stage = try Stage()
        let cookies = Mutex<[String?]>([])
        try await stage.runUnlocked { visitor in
            let other = visitor.another()
            try await other.unlock()
            stage.clock.advance(by: .seconds(6 * 3600))
            try await visitor.call(.get, Self.protected)
            cookies.withLock { $0 = [visitor.cookieValue, other.cookieValue] }
        }
        stage.clock.advance(by: .seconds(7 * 3600))
        try await stage.run { visitor async throws in
            visitor.cookieValue = cookies.withLock { $0[0] }
            #expect(try await visitor.call(.get, Self.protected)["sessions"].items.count == 1)
            visitor.cookieValue = cookies.withLock { $0[1] }
            #expect(try await visitor.call(.get, Self.protected).code == "unauthenticated")
            #expect(try await stage.store.list(Device.self).count == 1)
        }
    }

    @Test("Unlocking after a restart lets nobody in who was in before")
    func unlockAfterRestart() async throws {
        let stage = try Stage()
        let cookie = Kept<String>()
        try await stage.runUnlocked { visitor in cookie.value = visitor.cookieValue }
        stage.vault.lock()
        try await stage.run { visitor in
            let old = visitor.another()
            old.cookieValue = cookie.value
            stage.clock.advance(by: .seconds(1))
            try await visitor.unlock()
            #expect(try await old.call(.get, Self.protected).code == "unauthenticated")
            #expect(try await stage.store.list(Device.self).count == 1)
        }
    }

    @Test("There is a most of sessions; the one unused for longest makes room")
    func limit() async throws {
        let stage = try Stage { $0.limits.sessions = 3 }
        try await stage.runUnlocked { visitor in
            var others: [Visitor] = []
            for _ in 0..<3 {
                stage.clock.advance(by: .seconds(1))
                others.append(visitor.another())
                try await others[others.count - 1].unlock()
            }
            #expect(try await visitor.call(.get, Self.protected).code == "unauthenticated")
            for other in others { #expect(try await other.call(.get, Self.protected).status == .ok) }
            #expect(try await stage.store.list(Device.self).count == 3)
        }
    }

    @Test(
        "What nobody issued is nobody's session",
        arguments: ["", "x", "cherry", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    )
    func madeUp(token: String) async throws {
        try await Stage().runUnlocked { visitor async throws in
            visitor.cookieValue = "cherry_session=\(token)"
            #expect(try await visitor.call(.get, Self.protected).code == "unauthenticated")
        }
    }
}
