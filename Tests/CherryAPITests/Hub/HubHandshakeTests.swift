import CherryBridge
import CherryCore
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing

@testable import CherryAPI

@Suite("Opening a WebSocket to the hub")
struct HubHandshakeTests {
    private static func stage(_ change: (inout HubSettings) -> Void = { _ in }) throws -> Stage {
        let stage = try Stage()
        stage.hub.withLock { hub in
            hub.authorizer = TokenList([
                "ck-a": HubGrant(id: "a", mayReadContext: true), "ck-b": HubGrant(id: "b", mayReadContext: false),
                "ck-one": HubGrant(id: "one", mayReadContext: false, maximumConnections: 1),
            ])
            change(&hub)
        }
        return stage
    }

    @Test("A token opens it, and the answer is that of RFC 6455")
    func accepted() async throws {
        try await Self.stage().runUnlocked(.live) { visitor in
            try await HubClient.connect(to: visitor.client.port) { client in
                try await client.upgrade(headers: "Authorization: bearer ck-a\r\n")
                let lines = client.head.components(separatedBy: "\r\n").map { $0.lowercased() }
                #expect(lines.first == "http/1.1 101 switching protocols")
                #expect(lines.contains("upgrade: websocket"))
                #expect(lines.contains("connection: upgrade"))
                #expect(lines.contains("sec-websocket-protocol: cherry.hub.1"))
                #expect(client.head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
                #expect(!lines.contains { $0.hasPrefix("content-length") || $0.hasPrefix("transfer-encoding") })
                try await client.send(["type": "hello", "name": "editor"])
                #expect(try await client.receive()["type"] == "welcome")
            }
        }
    }

    @Test("A page of this server opens it with its session")
    func session() async throws {
        try await Self.stage().runUnlocked(.live) { visitor in
            let cookie = "Cookie: \(visitor.cookieValue ?? "")\r\n"
            try await HubClient.connect(to: visitor.client.port) { client in
                try await client.upgrade(headers: "\(cookie)Origin: http://localhost\r\n")
                #expect(client.head.hasPrefix("HTTP/1.1 101"))
            }
            try await HubClient.connect(to: visitor.client.port) { client in
                try await client.upgrade(headers: cookie)
                #expect(client.head.hasPrefix("HTTP/1.1 401"), "a cookie without an origin proves nothing")
            }
            try await HubClient.connect(to: visitor.client.port) { client in
                try await client.upgrade(headers: "Origin: http://localhost\r\nCookie: cherry_session=no\r\n")
                #expect(client.head.hasPrefix("HTTP/1.1 401"))
            }
        }
    }

    @Test(
        "What is not right is refused with a reason, and the connection closed",
        arguments: [
            ("", "", "", 401, "wrongToken"),
            ("", "", "Authorization: Bearer ck-no\r\n", 401, "wrongToken"),
            ("", "", "Authorization: Basic ck-a\r\n", 401, "wrongToken"),
            ("", "", "Authorization: Bearer ck-a\r\nOrigin: https://evil.example\r\n", 403, "wrongOrigin"),
            ("", "", "Authorization: Bearer ck-a\r\nOrigin: null\r\n", 403, "wrongOrigin"),
            ("Upgrade: WebSocket", "Upgrade: h2c", "Authorization: Bearer ck-a\r\n", 426, "upgradeRequired"),
            ("Version: 13", "Version: 8", "Authorization: Bearer ck-a\r\n", 426, "wrongVersion"),
            ("other, cherry.hub.1", "other", "Authorization: Bearer ck-a\r\n", 400, "wrongProtocol"),
            ("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=", "Authorization: Bearer ck-a\r\n", 400, "badHandshake"),
            ("Host: localhost", "Host: evil.example", "Authorization: Bearer ck-a\r\n", 421, "unknownHost"),
            ("GET ", "POST ", "Authorization: Bearer ck-a\r\n", 405, "methodNotAllowed"),
        ]
    )
    func refused(part: String, other: String, headers: String, status: Int, code: String) async throws {
        try await Self.stage().runUnlocked(.live) { visitor in
            try await HubClient.connect(to: visitor.client.port) { client in
                let request = part.isEmpty ? HubClient.handshake : HubClient.handshake.replacing(part, with: other)
                try await client.send(ByteBuffer(string: "\(request)\(headers)\r\n"))
                let answer = try await client.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
                #expect(answer.contains("\"code\":\"\(code)\""))
                #expect(answer.lowercased().contains("connection: close") || status == 426)
                if status == 426 { #expect(answer.lowercased().contains("sec-websocket-version: 13")) }
            }
            #expect(try await visitor.call(.get, "/livez").status == .ok)
        }
    }

    @Test(
        "A token that cannot be known now, or comes too often, is told that",
        arguments: [(BridgeError.Code.sealed, 423, "sealed"), (.rateLimited, 429, "rateLimited")]
    )
    func notNow(code: BridgeError.Code, status: Int, name: String) async throws {
        let stage = try Self.stage { $0.authorizer = ReluctantAuthorizer(code: code) }
        try await stage.runUnlocked(.live) { visitor in
            try await HubClient.connect(to: visitor.client.port) { client in
                try await client.send(
                    ByteBuffer(string: "\(HubClient.handshake)Authorization: Bearer ck-a\r\n\r\n")
                )
                let answer = try await client.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
                #expect(answer.contains("\"code\":\"\(name)\""))
                #expect(answer.lowercased().contains("retry-after: 7") == (status == 429))
            }
        }
    }

    @Test("A request that asks for no upgrade is told to, and its connection goes on")
    func plain() async throws {
        try await Self.stage().runUnlocked(.live) { visitor in
            for _ in 0..<2 {
                let answer = try await visitor.call(.get, "/bridge/hub")
                #expect(answer.status == .upgradeRequired)
                #expect(answer.headers[.upgrade] == "websocket")
                #expect(answer["error"]["code"] == "upgradeRequired")
            }
        }
    }

    @Test("Without a socket there is no upgrade, and no place is kept")
    func router() async throws {
        try await Self.stage().runUnlocked(.router) { visitor in
            let answer = try await visitor.call(
                .get,
                "/bridge/hub",
                headers: [
                    .connection: "Upgrade", .upgrade: "websocket", .authorization: "Bearer ck-one",
                    HTTPField.Name("Sec-WebSocket-Version")!: "13",
                    HTTPField.Name("Sec-WebSocket-Key")!: "dGhlIHNhbXBsZSBub25jZQ==",
                    HTTPField.Name("Sec-WebSocket-Protocol")!: "cherry.hub.1",
                ]
            )
            #expect(answer.status == .notImplemented)
        }
    }

    @Test("While the vault is locked nobody comes in")
    func sealed() async throws {
        try await Self.stage().runUnlocked(.live) { visitor in
            try await visitor.call(.post, "/api/v1/lock")
            try await HubClient.connect(to: visitor.client.port) { client in
                try await client.upgrade(headers: "Authorization: Bearer ck-a\r\n")
                #expect(client.head.hasPrefix("HTTP/1.1 423"))
            }
        }
    }

    @Test("A token has so many connections, and one that ends makes room")
    func connectionLimit() async throws {
        try await Self.stage().runUnlocked(.live) { visitor in
            let port = visitor.client.port
            try await HubClient.join(port, as: "a", token: "ck-one") { first in
                try await HubClient.connect(to: port) { second in
                    try await second.upgrade(headers: "Authorization: Bearer ck-one\r\n")
                    #expect(second.head.hasPrefix("HTTP/1.1 429"))
                    #expect(second.head.lowercased().contains("retry-after"))
                }
                try await first.send(ClientFrames.close(1000))
                #expect(try await first.receiveClose() == 1000)
            }
            try await HubClient.join(port, as: "a", token: "ck-one") { _ in }
        }
    }

    @Test("A connection that has carried requests can still go over, also when they are sent at once")
    func afterRequests() async throws {
        try await Self.stage().runUnlocked(.live) { visitor in
            try await HubClient.connect(to: visitor.client.port) { client in
                let live = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
                try await client.send(ByteBuffer(string: live))
                try await Self.skipAnswer(&client)
                try await client.send(
                    ByteBuffer(string: "\(live)\(live)\(HubClient.handshake)Authorization: Bearer ck-a\r\n\r\n")
                )
                for _ in 0..<2 { try await Self.skipAnswer(&client) }
                try await client.readHead()
                #expect(client.head.hasPrefix("HTTP/1.1 101"))
                try await client.send(["type": "hello", "name": "late"])
                #expect(try await client.receive()["name"] == "late")
            }
        }
    }

    private static func skipAnswer(_ client: inout HubClient) async throws {
        try await client.readHead()
        #expect(client.head.hasPrefix("HTTP/1.1 200"))
        let length = client.head.lowercased().components(separatedBy: "content-length: ").last.map {
            $0.prefix { $0.isNumber }
        }
        _ = try await client.readBody(try #require(length.flatMap { Int($0) }))
    }
}

/// Knows nothing, for one reason.
private struct ReluctantAuthorizer: HubAuthorizer {
    let code: BridgeError.Code

    func authorize(_ presented: Secret<String>) throws -> HubGrant? {
        throw BridgeError(self.code, message: "Not now.", retryAfter: .seconds(7))
    }

    func isValid(_ grant: HubGrant) -> Bool { false }
}
