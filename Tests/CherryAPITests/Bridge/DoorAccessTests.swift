import CherryAssistant
import CherryBridge
import CherryCore
import CherryStore
import CherryTesting
import CherryVault
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import CherryAPI

@Suite("Who may come in by the doors")
struct DoorAccessTests {
    private static let chat = "/v1/chat/completions"
    private static let question = #"{"model":"acme/m","messages":[{"role":"user","content":"Hello"}]}"#

    @Test("Without a token that is known there is no way in", arguments: ["", "Bearer", "Bearer ck-x", "Basic abc"])
    func tokens(header: String) async throws {
        try await Tool.with([.whole(200, Script.whole)]) { tool, server async throws in
            let answer = try await tool.call(.post, Self.chat, Self.question, headers: [.authorization: header])
            #expect(answer.status == .unauthorized)
            #expect(answer["error"]["code"] == "invalid_api_key")
            let other = try await tool.call(.post, "/v1/messages", "{}", headers: [.authorization: header])
            #expect(other.status == .unauthorized)
            #expect(other["error"]["type"] == "authentication_error")
            #expect(server.requests.isEmpty)
        }
    }

    @Test("A token may be shown as Anthropic's clients do; one that was revoked or has expired opens nothing")
    func validity() async throws {
        try await Tool.with([.whole(200, Script.whole)]) { tool, _ async throws in
            let headers: HTTPFields = [.authorization: "", .apiKey: tool.token]
            #expect(try await tool.call(.post, Self.chat, Self.question, headers: headers).status == .ok)
            let now = tool.visitor.stage.clock.wall.now
            for change in [{ $0.revokedAt = now }, { $0.expiresAt = now }] as [@Sendable (inout BridgeToken) -> Void] {
                let other = try await Tool(tool.visitor, change)
                #expect(try await other.call(.post, Self.chat, Self.question).status == .unauthorized)
            }
        }
    }

    @Test("A page of another site and a foreign host name are refused, whatever they bring")
    func foreign() async throws {
        try await Tool.with([.whole(200, Script.whole)], setup: .live) { tool, server async throws in
            let page = try await tool.call(.post, Self.chat, Self.question, headers: [.origin: "https://evil.example"])
            #expect(page.status == .forbidden)
            #expect(page["error"]["code"] == "permission_denied")
            let list = try await tool.call(.get, "/v1/models", headers: [.origin: "https://evil.example"])
            #expect(list.status == .forbidden)
            try await RawConnection.open(to: try #require(tool.visitor.client.port)) { connection in
                try await connection.send(
                    "GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer \(tool.token)\r\n\r\n"
                )
                let answer = try await connection.read(until: "\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 421"))
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test("A locked server says so in the words of each door, and what to do")
    func sealed() async throws {
        try await Tool.with([.whole(200, Script.whole)]) { tool, server async throws in
            tool.visitor.stage.vault.lock()
            let chat = try await tool.call(.post, Self.chat, Self.question)
            #expect(chat.status.code == 423)
            #expect(chat["error"]["code"] == "sealed")
            #expect(chat.message.contains("cherry vault unlock"))
            let messages = try await tool.call(.post, "/v1/messages", "{}")
            #expect(messages.status.code == 423)
            #expect(messages["type"] == "error")
            #expect(server.requests.isEmpty)
        }
    }

    @Test("A token opens only the models that it names")
    func scope() async throws {
        try await Tool.with([.whole(200, Script.whole)], token: { $0.models = ["other/*"] }) {
            tool,
            server async throws in
            let answer = try await tool.call(.post, Self.chat, Self.question)
            #expect(answer.status == .forbidden)
            #expect(server.requests.isEmpty)
            #expect(try await tool.call(.get, "/v1/models")["data"].items.isEmpty)
        }
    }

    @Test("A rate and a budget are kept, and the refusal says when to come again")
    func limits() async throws {
        try await Tool.with([.whole(200, Script.whole), .keepAlive], token: { $0.requestsPerMinute = 2 }) {
            tool,
            server async throws in
            for _ in 0..<2 { #expect(try await tool.call(.post, Self.chat, Self.question).status == .ok) }
            let refused = try await tool.call(.post, Self.chat, Self.question)
            #expect(refused.status == .tooManyRequests)
            #expect(refused.headers[.retryAfter].flatMap { Int($0) }.map { (1...30).contains($0) } == true)
            #expect(server.requests.count == 2)
        }
        try await Tool.with([.whole(200, Script.whole), .keepAlive], token: { $0.daily.tokens = 30 }) {
            tool,
            server async throws in
            for _ in 0..<2 { #expect(try await tool.call(.post, Self.chat, Self.question).status == .ok) }
            let refused = try await tool.call(.post, Self.chat, Self.question)
            #expect(refused.status == .tooManyRequests)
            #expect(refused.message.contains("budget"))
            #expect(server.requests.count == 2)
            // A restart forgets nothing: what was spent is read again.
            await tool.visitor.stage.book.flush()
            try await tool.visitor.stage.tellGateway()
            #expect(try await tool.call(.post, Self.chat, Self.question).status == .tooManyRequests)
        }
    }

    @Test("A budget of money is no budget without a price, so such a model is refused until there is one")
    func unpriced() async throws {
        try await Tool.with([.whole(200, Script.whole)], token: { $0.daily.microDollars = 100 }) {
            tool,
            server async throws in
            let stage = tool.visitor.stage
            // The scripted provider is on this machine and costs nothing, so another one is needed.
            try await stage.store.put(Provider(name: "Far", baseURL: "https://far.example/v1"), basedOn: 0)
            try await stage.tellGateway()
            let body = Self.question.replacing("acme/m", with: "far/unheard-of")
            let refused = try await tool.call(.post, Self.chat, body)
            #expect(refused.status == .forbidden)
            #expect(refused.message.contains("price"))
            #expect(try await tool.call(.post, Self.chat, Self.question).status == .ok)
            #expect(server.requests.count == 1)
        }
    }
}
