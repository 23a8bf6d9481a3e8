import CherryCore
import CherryStore
import CherryVault
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing

@testable import CherryAPI

@Suite("Bad requests")
struct BadInputTests {
    private static let conversations = "/api/v1/conversations"
    private static let unknown = "01890000-0000-7000-8000-000000000000"

    @Test(
        "A bad body is refused by name and changes nothing",
        arguments: [
            ("{", 400, "malformedJSON"),
            ("", 400, "malformedJSON"),
            ("{\"title\":\"a\"} x", 400, "malformedJSON"),
            ("{\"title\":\"\\ud800\"}", 400, "malformedJSON"),
            (String(repeating: "[", count: 100_000), 400, "tooDeep"),
            (String(repeating: "{\"a\":", count: 65) + "1" + String(repeating: "}", count: 65), 400, "tooDeep"),
            ("[]", 422, "invalid"),
            ("null", 422, "invalid"),
            ("\"text\"", 422, "invalid"),
            ("{\"title\":7}", 422, "invalid"),
            ("{\"title\":null}", 422, "invalid"),
            ("{\"title\":\"\"}", 422, "invalid"),
            ("{\"title\":\"a\\u0000b\"}", 422, "invalid"),
            ("{\"id\":\"nope\"}", 422, "invalid"),
            ("{\"id\":7}", 422, "invalid"),
            ("{\"personaID\":false}", 422, "invalid"),
            ("{\"model\":{\"providerID\":\"x\",\"model\":\"m\"}}", 422, "invalid"),
            ("{\"model\":{\"model\":\"m\"}}", 422, "invalid"),
            ("{\"model\":\"m\"}", 422, "invalid"),
            ("{\"stray\":1}", 422, "invalid"),
        ]
    )
    func bodies(body: String, status: Int, code: String) async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let before = try await stage.recordCount()
            let answer = try await visitor.send(.post, Self.conversations, ByteBuffer(string: body))
            #expect(answer.status.code == status)
            #expect(answer.code == code)
            #expect(!answer.message.isEmpty)
            #expect(try await stage.recordCount() == before)
            #expect(try await visitor.call(.get, "/livez").status == .ok)
        }
    }

    @Test("A refusal names the field, by its path")
    func fieldNames() async throws {
        try await Stage().runUnlocked { visitor in
            for (body, field): (JSONValue, String) in [
                (["title": 7], "title"), (["model": ["providerID": "x"]], "model.providerID"), (["stray": 1], "stray"),
                (["model": ["providerID": .string(Self.unknown), "model": "m", "x": 1]], "model.x"),
            ] {
                let answer = try await visitor.call(.post, Self.conversations, body)
                #expect(answer.message.hasPrefix("\(field): "), "\(answer.message)")
            }
        }
    }

    @Test("Invalid UTF-8 is no JSON")
    func invalidUTF8() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let before = try await stage.recordCount()
            let bytes = ByteBuffer(bytes: Array("{\"title\":\"".utf8) + [0xff, 0xfe] + Array("\"}".utf8))
            let answer = try await visitor.send(.post, Self.conversations, bytes)
            #expect(answer.status == .badRequest && answer.code == "malformedJSON")
            #expect(try await stage.recordCount() == before)
        }
    }

    @Test("Lengths and numbers at the edge pass, beyond it they do not")
    func edges() async throws {
        try await Stage().runUnlocked { visitor in
            func text(_ count: Int) -> JSONValue { .string(String(repeating: "🍒", count: count)) }
            let personas = "/api/v1/personas"
            let cases: [(String, JSONValue, Int)] = [
                (Self.conversations, ["title": text(200)], 201), (Self.conversations, ["title": text(201)], 422),
                (personas, ["name": text(80)], 201), (personas, ["name": text(81)], 422),
                (personas, ["name": "a", "instructions": text(20_000)], 201),
                (personas, ["name": "a", "instructions": text(20_001)], 422),
                (personas, ["name": "a", "temperature": 2], 201),
                (personas, ["name": "a", "temperature": .number(2.01)], 422),
                (personas, ["name": "a", "temperature": .number(-0.1)], 422),
                (personas, ["name": "a", "hue": "purple"], 422),
            ]
            for (path, body, status) in cases {
                let answer = try await visitor.call(.post, path, body)
                #expect(answer.status.code == status)
            }
        }
    }

    @Test(
        "Only JSON in UTF-8 is taken",
        arguments: [
            ("text/plain", 415), ("", 415), ("application/json; charset=latin1", 415), ("application/xml", 415),
            ("application/json", 201), ("Application/JSON; charset=UTF-8", 201),
        ]
    )
    func mediaTypes(type: String, status: Int) async throws {
        try await Stage().runUnlocked { visitor in
            let answer = try await visitor.call(.post, Self.conversations, [:], headers: [.contentType: type])
            #expect(answer.status.code == status)
            if status == 415 { #expect(answer.code == "unsupportedMediaType") }
        }
    }

    @Test(
        "What is not there is not found, and an id that is none is one of those",
        arguments: [
            ("GET", "/api/v1/conversations/ID"), ("PATCH", "/api/v1/conversations/ID"),
            ("DELETE", "/api/v1/conversations/ID"), ("POST", "/api/v1/conversations/ID/restore"),
            ("GET", "/api/v1/conversations/ID/export"), ("GET", "/api/v1/conversations/ID/messages"),
            ("GET", "/api/v1/messages/ID"), ("GET", "/api/v1/messages/ID/events"),
            ("POST", "/api/v1/messages/ID/stop"), ("PATCH", "/api/v1/personas/ID"),
            ("DELETE", "/api/v1/personas/ID"), ("POST", "/api/v1/personas/ID/reset"),
            ("PATCH", "/api/v1/providers/ID"), ("DELETE", "/api/v1/providers/ID"),
            ("POST", "/api/v1/providers/ID/test"), ("DELETE", "/api/v1/sessions/ID"),
            ("DELETE", "/api/v1/preferences/no.such"),
        ]
    )
    func unknownIDs(method: String, path: String) async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let before = try await stage.recordCount()
            for id in [Self.unknown, "nope", "%00"] {
                let body: JSONValue? = method == "PATCH" ? ["baseVersion": 1] : nil
                let answer = try await visitor.call(
                    HTTPRequest.Method(method)!,
                    path.replacing("ID", with: id),
                    body
                )
                #expect(answer.status == .notFound, "\(id)")
                #expect(answer.code == "notFound")
            }
            #expect(try await stage.recordCount() == before)
        }
    }

    @Test(
        "A bad query is refused by name",
        arguments: [
            ("/api/v1/changes?since=-1", "since"), ("/api/v1/changes?limit=0", "limit"),
            ("/api/v1/changes?limit=x", "limit"), ("/api/v1/changes?stray=1", "stray"),
            ("/api/v1/conversations?deleted=maybe", "deleted"), ("/api/v1/conversations?before=x", "before"),
            ("/api/v1/conversations?limit=1&limit=2", "limit"), ("/api/v1/sessions?x=1", "x"),
        ]
    )
    func queries(path: String, field: String) async throws {
        try await Stage().runUnlocked { visitor in
            let answer = try await visitor.call(.get, path)
            #expect(answer.status == .unprocessableContent && answer.code == "invalid")
            #expect(answer.message.hasPrefix("\(field): "))
        }
    }

    @Test("A locked vault comes before a missing session; a missing session before anything in the request")
    func order() async throws {
        let stage = try Stage()
        try await stage.run { visitor in
            let early = try await visitor.call(.get, Self.conversations)
            #expect(early.status.code == 423 && early.code == "sealed")
            try await visitor.setUp()
            let stranger = try await visitor.another().send(.post, Self.conversations, ByteBuffer(string: "{"))
            #expect(stranger.status == .unauthorized && stranger.code == "unauthenticated")
            #expect(try await visitor.call(.post, "/api/v1/lock").status == .noContent)
            for route in stage.makeServer().routes where route.access == .session {
                let path = route.template.replacing("{id}", with: Self.unknown).replacing("{key}", with: "a")
                let answer = try await visitor.call(route.method, path)
                #expect(answer.status.code == 423 && answer.code == "sealed", "\(route.template)")
            }
        }
    }

    @Test("An error that nobody foresaw tells its request's id and nothing else")
    func unforeseen() async throws {
        struct Surprise: Error { let secret = "the user's words" }
        let mapped = APIError(mapping: Surprise())
        #expect(mapped.status == .internalServerError && mapped.code == "internal")
        let response = mapped.response(requestID: "r-1")
        #expect(response.status == .internalServerError)
        #expect(!mapped.message.contains("words") && mapped.underlying is Surprise)
    }

    @Test(
        "A body beyond the limit is refused and the server goes on",
        arguments: [true, false]
    )
    func hundredMegabytes(isLengthTold: Bool) async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let before = try await stage.recordCount()
            let port = try #require(visitor.client.port)
            let cookie = try #require(visitor.cookieValue)
            let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
            let answer = try await RawConnection.open(to: port) { connection in
                let length = isLengthTold ? "Content-Length: \(100 << 20)" : "Transfer-Encoding: chunked"
                try await connection.send(
                    """
                    POST \(Self.conversations) HTTP/1.1\r\nHost: localhost\r\nX-Cherry: 1\r\nCookie: \(cookie)\r
                    Content-Type: application/json\r\n\(length)\r\n\r\n
                    """
                )
                for _ in 0..<100 {
                    if !isLengthTold { try await connection.send("100000\r\n") }
                    try await connection.send(piece)
                    if !isLengthTold { try await connection.send("\r\n") }
                }
                if !isLengthTold { try await connection.send("0\r\n\r\n") }
                return try await connection.readToEnd()
            }
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.contains("\"tooLarge\""))
            #expect(answer.contains("X-Content-Type-Options: nosniff"))
            #expect(try await stage.recordCount() == before)
        }
    }

    @Test("A body that is too long by what its client says is answered before any of it has come")
    func answeredEarly() async throws {
        try await Stage().run(.live) { visitor in
            let port = try #require(visitor.client.port)
            let answer = try await RawConnection.open(to: port) { connection in
                try await connection.send(
                    "POST /api/v1/setup HTTP/1.1\r\nHost: localhost\r\nX-Cherry: 1\r\nContent-Length: 99999999\r\n\r\n"
                )
                return try await connection.read(until: "tooLarge")
            }
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("A request that does not end is ended")
    func timeOut() async throws {
        let stage = try Stage()
        try await stage.run(.live) { visitor in
            let port = try #require(visitor.client.port)
            let answer = try await RawConnection.open(to: port) { connection in
                try await connection.send(
                    """
                    POST /api/v1/setup HTTP/1.1\r\nHost: localhost\r\nX-Cherry: 1\r
                    Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{
                    """
                )
                await stage.timer.waitForSleeper(of: .seconds(30))
                stage.timer.advance(by: .seconds(30))
                return try await connection.read(until: "timedOut")
            }
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(stage.vault.state == .uninitialized)
        }
    }

    @Test("A damaged store makes the server not ready, and says why")
    func damagedStore() async throws {
        let stage = try Stage()
        try await stage.run { visitor in
            #expect(try await visitor.call(.get, "/readyz").json == ["status": "ready", "vault": "uninitialized"])
            stage.calls.withLock {
                $0.storeFailure = StoreError(.damaged, message: "Page 7 is damaged.", hint: "Restore.")
            }
            let answer = try await visitor.call(.get, "/readyz")
            #expect(answer.status == .serviceUnavailable)
            #expect(answer["error"] == ["code": "damaged", "message": "Page 7 is damaged.", "hint": "Restore."])
            #expect(try await visitor.call(.get, "/livez").json == ["status": "alive"])
        }
    }
}
