import CherryBridge
import CherryCore
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing

@testable import CherryAPI

@Suite("The hub over sockets")
struct HubTests {
    private let tokens = TokenList([
        "ck-a": HubGrant(id: "a", mayReadContext: true), "ck-b": HubGrant(id: "b", mayReadContext: false),
    ])

    private func run(_ body: @escaping @Sendable (Visitor, Int?) async throws -> Void) async throws {
        let stage = try Stage()
        stage.hub.withLock { $0.authorizer = self.tokens }
        try await stage.runUnlocked(.live) { visitor in try await body(visitor, visitor.client.port) }
    }

    @Test("Two tools see each other, speak, and pass on a task with acknowledgement")
    func together() async throws {
        try await self.run { _, port in
            try await HubClient.join(port, as: "editor", ["topics": ["presence"]]) { editor in
                #expect(try await editor.receive("presence")["whole"] == true)
                try await HubClient.join(port, as: "translator", token: "ck-b", ["capabilities": ["translate"]]) {
                    other in
                    let news = try await editor.receive("presence")
                    #expect(news["tools"]?.array?.first?["name"] == "translator")
                    try await editor.send(["type": "send", "id": "1", "tool": "translator", "payload": ["x": "é"]])
                    #expect(try await editor.receive("ack")["ref"] == "1")
                    let message = try await other.receive("message")
                    #expect(message["payload"] == ["x": "é"])
                    try await other.send(["type": "ack", "ref": try #require(message["id"])])
                    #expect(try await editor.receive("ack")["by"] == "translator")
                    try await editor.send(
                        ["type": "task.offer", "id": "t", "capability": "translate", "payload": "hello"]
                    )
                    #expect(try await other.receive("task.offer")["task"] == "editor/t")
                    try await other.send(["type": "task.accept", "task": "editor/t"])
                    #expect(try await editor.receive("task.accept")["by"] == "translator")
                    try await other.send(["type": "task.done", "task": "editor/t", "payload": "bonjour"])
                    #expect(try await editor.receive("task.done")["payload"] == "bonjour")
                }
                let gone = try await editor.receive("presence")
                #expect(gone["tools"]?.array?.first?["state"] == "away")
            }
        }
    }

    @Test("Changes of conversations come as events, with what they say only for a token that may read")
    func events() async throws {
        try await self.run { visitor, port in
            try await HubClient.join(port, as: "reader", ["topics": ["conversations"], "content": true]) { reader in
                try await HubClient.join(port, as: "watcher", token: "ck-b", ["topics": ["conversations"]]) { watcher in
                    let conversation = try await visitor.makeConversation(title: "Plans")["id"].text
                    let read = try await reader.receive("event")
                    #expect(read["id"] == .string(conversation))
                    #expect(read["value"]?["title"] == "Plans")
                    let watched = try await watcher.receive("event")
                    #expect(watched["id"] == .string(conversation))
                    #expect(watched["collection"] == "conversations")
                    #expect(watched["value"] == nil)
                    #expect(!watched.text.contains("Plans"))
                }
            }
        }
    }

    @Test("A tool that comes back gets what it missed, once and in order, then what happens")
    func resume() async throws {
        try await self.run { visitor, port in
            let position = try await HubClient.join(port, as: "reader", ["topics": ["conversations"]]) { reader in
                _ = try await visitor.makeConversation(title: "0")
                return try #require(try await reader.receive("event")["position"]?.integer)
            }
            var missed: [String] = []
            for number in 1...150 {
                let made = try await visitor.makeConversation(title: "\(number)")
                missed.append(made["id"].text)
            }
            let hello: JSONObject = ["topics": ["conversations"], "position": .integer(Int64(position))]
            try await HubClient.join(port, as: "reader", hello) { [missed] reader in
                let last = try await visitor.makeConversation(title: "last")["id"].text
                var ids: [String] = []
                var positions: [Int] = []
                while ids.last != last {
                    let event = try await reader.receive("event")
                    ids.append(try #require(event["id"]?.string))
                    positions.append(try #require(event["position"]?.integer))
                }
                #expect(ids == missed + [last])
                #expect(positions == positions.sorted())
            }
        }
    }

    @Test("A position that the feed never had is a gap")
    func gap() async throws {
        try await self.run { visitor, port in
            _ = try await visitor.makeConversation()
            try await HubClient.join(port, as: "reader", ["topics": ["conversations"], "position": 4_000_000]) {
                reader in
                let gap = try await reader.receive("gap")
                #expect(gap["position"] != nil)
                let made = try await visitor.makeConversation()["id"].text
                #expect(try await reader.receive("event")["id"] == .string(made))
            }
        }
    }

    @Test("A lock closes every connection with a code of its own")
    func lock() async throws {
        try await self.run { visitor, port in
            try await HubClient.join(port, as: "a") { client in
                try await visitor.call(.post, "/api/v1/lock")
                #expect(try await client.receiveClose() == 4001)
                try await client.send(ClientFrames.close(4001))
                #expect(try await client.frame() == nil)
            }
        }
    }

    @Test("A token that is revoked loses its connections within seconds")
    func revoked() async throws {
        try await self.run { [tokens] visitor, port in
            try await HubClient.join(port, as: "a") { a in
                try await HubClient.join(port, as: "b", token: "ck-b") { b in
                    tokens.revoke("ck-b")
                    for _ in 0..<BridgeHub.ticksPerCheck {
                        await visitor.stage.timer.waitForSleeper(of: BridgeHub.tick)
                        visitor.stage.timer.advance(by: BridgeHub.tick)
                    }
                    let code = try await b.receiveClose()
                    #expect(code == 4002)
                }
                try await a.send(["type": "ping"])
                #expect(try await a.receive()["type"] == "pong")
            }
        }
    }

    @Test("A session that ends loses its connections too")
    func sessionEnds() async throws {
        try await self.run { visitor, port in
            try await HubClient.connect(to: port) { client in
                try await client.upgrade(
                    headers: "Cookie: \(visitor.cookieValue ?? "")\r\nOrigin: http://localhost\r\n"
                )
                try await client.send(["type": "hello", "name": "page"])
                #expect(try await client.receive()["type"] == "welcome")
                let other = visitor.another()
                try await other.unlock()
                let sessions = try await other.call(.get, "/api/v1/sessions")["sessions"].items
                for session in sessions where session["current"] != true {
                    try await other.call(.delete, "/api/v1/sessions/\(session["id"].text)")
                }
                for _ in 0..<BridgeHub.ticksPerCheck {
                    await visitor.stage.timer.waitForSleeper(of: BridgeHub.tick)
                    visitor.stage.timer.advance(by: BridgeHub.tick)
                }
                #expect(try await client.receiveClose() == 4002)
            }
        }
    }

    @Test("Time that passes ends what took too long: here a connection without hello")
    func time() async throws {
        try await self.run { visitor, port in
            try await HubClient.connect(to: port) { client in
                try await client.upgrade(headers: "Authorization: Bearer ck-a\r\n")
                await visitor.stage.timer.waitForSleeper(of: BridgeHub.tick)
                visitor.stage.timer.advance(by: .seconds(10))
                #expect(try await client.receiveClose() == 1008)
            }
        }
    }

    @Test("A connection that goes without a goodbye leaves its place, and its offered task goes to the next")
    func vanished() async throws {
        try await self.run { _, port in
            try await HubClient.join(port, as: "a") { a in
                try await HubClient.join(port, as: "c", ["capabilities": ["work"]]) { c in
                    try await HubClient.join(port, as: "b", ["capabilities": ["work"]]) { b in
                        try await a.send(["type": "task.offer", "id": "1", "capability": "work", "payload": 1])
                        #expect(try await a.receive("ack")["tool"] == "b")
                        #expect(try await b.receive("task.offer")["task"] == "a/1")
                    }
                    #expect(try await c.receive("task.offer")["task"] == "a/1")
                }
                #expect(try await a.receive("task.fail")["code"] == "nobody")
            }
        }
    }
}
