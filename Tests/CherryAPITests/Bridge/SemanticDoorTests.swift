import CherryAssistant
import CherryBridge
import CherryCore
import CherryStore
import CherryTesting
import HTTPTypes
import Testing

@testable import CherryAPI

@Suite("The semantic cache at the doors")
struct SemanticDoorTests {
    private static let chat = "/v1/chat/completions"
    private static let path = "/api/v1/cache/semantic"

    private static func ask(_ text: String, system: String = "Be short.", model: String = "acme/m") -> String {
        let question = String(decoding: JSONValue.string(text).bytes, as: UTF8.self)
        return
            #"{"model":"\#(model)","messages":[{"role":"system","content":"\#(system)"},{"role":"user","content":\#(question)}]}"#
    }

    /// A provider whose embeddings put questions about an egg close together, and all others far from them.
    private static func steps(for request: ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step] {
        guard request.target.hasSuffix("/embeddings") else { return [.whole(200, Script.whole)] }
        let text = String(decoding: request.body, as: UTF8.self)
        let vector = text.contains("egg") ? (text.contains("way") ? "1,0.1" : "1,0") : "0,1"
        return [
            .whole(
                200,
                #"{"data":[{"index":0,"embedding":[\#(vector)]}],"usage":{"prompt_tokens":4,"total_tokens":4}}"#
            )
        ]
    }

    private static func with(
        _ setting: BridgeToken.SemanticCache?,
        _ change: @escaping @Sendable (inout BridgeToken) -> Void = { _ in },
        _ body: @escaping @Sendable (Tool, ScriptedHTTPServer) async throws -> Void
    ) async throws {
        try await ScriptedHTTPServer.with(Self.steps) { server in
            let stage = try Stage()
            try await stage.runUnlocked { visitor in
                try await stage.add(server, as: "Acme")
                let tool = try await Tool(visitor) {
                    $0.semanticCache = setting
                    change(&$0)
                }
                try await body(tool, server)
            }
        }
    }

    private static func count(_ server: ScriptedHTTPServer, _ end: String) -> Int {
        server.requests.count { $0.target.hasSuffix(end) }
    }

    @Test("Off by default: only a token that wants it gets an answer to another wording")
    func off() async throws {
        try await Self.with(nil) { tool, server async throws in
            for text in ["What is love?", "what's love"] {
                let answer = try await tool.call(.post, Self.chat, Self.ask(text))
                #expect(answer.headers[.answerCache] == nil)
            }
            #expect(server.requests.count == 2)
        }
    }

    @Test("Another wording gets the same answer, marked, at no cost and on record")
    func wording() async throws {
        try await Self.with(BridgeToken.SemanticCache(threshold: 0.9, seconds: 60)) { tool, server async throws in
            let first = try await tool.call(.post, Self.chat, Self.ask("What is love?"))
            #expect(first.headers[.answerCache] == nil)
            let second = try await tool.call(.post, Self.chat, Self.ask("Please: what's love"))
            #expect(second.text == first.text)
            let mark = try #require(second.headers[.answerCache])
            #expect(mark.wholeMatch(of: /semantic; similarity=0\.9[0-9]{2}/) != nil)
            #expect(server.requests.count == 1)
            let stage = tool.visitor.stage
            await stage.book.flush()
            let usage = try await tool.usage()
            #expect(usage.map(\.attempts) == [1, 0])
            #expect(usage.last?.microDollars == 0)
            #expect(usage.last?.tokens == nil)
            for other in [
                Self.ask("What is hate?"), Self.ask("what's love", system: "Be long."), Self.ask("What is love 2?"),
            ] {
                let answer = try await tool.call(.post, Self.chat, other)
                #expect(answer.headers[.answerCache] == nil)
            }
            let wants: HTTPFields = [.cacheControl: "no-cache"]
            let fresh = try await tool.call(.post, Self.chat, Self.ask("what's love"), headers: wants)
            #expect(fresh.headers[.answerCache] == nil)
            let another = try await Tool(tool.visitor) { $0.semanticCache = BridgeToken.SemanticCache() }
            let theirs = try await another.call(.post, Self.chat, Self.ask("What is love?"))
            #expect(theirs.headers[.answerCache] == nil, "another token's answers are its own")
            stage.clock.advance(by: .seconds(61))
            let late = try await tool.call(.post, Self.chat, Self.ask("what's love"))
            #expect(late.headers[.answerCache] == nil)
        }
    }

    @Test("A model of a provider compares meanings, and what it takes is counted for the token")
    func embeddings() async throws {
        let setting = BridgeToken.SemanticCache(threshold: 0.95, seconds: 60, embeddings: "acme/embed")
        try await Self.with(setting) { tool, server async throws in
            _ = try await tool.call(.post, Self.chat, Self.ask("How do I boil an egg?"))
            let found = try await tool.call(.post, Self.chat, Self.ask("What is the way to boil an egg?"))
            #expect(found.headers[.answerCache] == "semantic; similarity=0.995")
            let other = try await tool.call(.post, Self.chat, Self.ask("How do I cook rice?"))
            #expect(other.headers[.answerCache] == nil)
            #expect(Self.count(server, "/chat/completions") == 2)
            #expect(Self.count(server, "/embeddings") == 3)
            await tool.visitor.stage.book.flush()
            let usage = try await tool.usage().filter { $0.model == "embed" }
            #expect(usage.count == 3)
            #expect(usage.allSatisfy { $0.tokenID == tool.record.id && $0.tokens?.prompt == 4 })
        }
    }

    @Test("A question whose answer must stay on this machine goes to no model elsewhere to be compared")
    func privacy() async throws {
        let setting = BridgeToken.SemanticCache(threshold: 0.8, seconds: 60, embeddings: "cloud/embed")
        try await Self.with(setting) { tool, server async throws in
            let stage = tool.visitor.stage
            let local = try #require(try await stage.store.list(Provider.self).first?.value)
            // The stage plays every provider that is not on this machine with its own model.
            let cloud = Provider(name: "Cloud", kind: .openAI, baseURL: "https://cloud.example/v1", defaultModel: "m")
            try await stage.store.put(cloud, basedOn: 0)
            let targets = [local, cloud].map {
                ModelAlias.Target(model: ModelReference(providerID: $0.id, model: "m"))
            }
            let alias = ModelAlias(name: "private", targets: targets, staysLocal: true)
            try await stage.store.put(alias, basedOn: 0)
            try await stage.tellGateway()
            for text in ["What is love?", "what is love"] {
                let answer = try await tool.call(.post, Self.chat, Self.ask(text, model: "private"))
                #expect(answer.status == .ok)
                #expect(answer.headers[.answerCache] == nil)
            }
            await stage.book.flush()
            #expect(try await tool.usage().allSatisfy { $0.providerID == local.id })
            #expect(Self.count(server, "/chat/completions") == 2)
        }
    }

    @Test("A token that may not ask for the comparing model asks without a cache")
    func scope() async throws {
        let setting = BridgeToken.SemanticCache(threshold: 0.8, seconds: 60, embeddings: "acme/embed")
        try await Self.with(setting, { $0.models = ["acme/m"] }) { tool, server async throws in
            for text in ["What is love?", "what is love"] {
                #expect(try await tool.call(.post, Self.chat, Self.ask(text)).headers[.answerCache] == nil)
            }
            #expect(server.requests.count == 2)
            #expect(Self.count(server, "/embeddings") == 0)
        }
    }

    @Test("What is kept is seen in the app alone, with its question, and forgotten there; a lock forgets all")
    func management() async throws {
        try await Self.with(BridgeToken.SemanticCache(threshold: 0.9, seconds: 60)) { tool, _ async throws in
            let visitor = tool.visitor
            for text in ["What is love?", "what's love", "What is time?"] {
                _ = try await tool.call(.post, Self.chat, Self.ask(text))
                visitor.stage.clock.advance(by: .seconds(1))
            }
            let list = try await visitor.call(.get, Self.path)
            #expect(list["items"].items.map { $0["question"].text } == ["What is time?", "What is love?"])
            #expect(list["items"].items.map { $0["hits"] } == [0, 1])
            #expect(list["items"][1]["similarity"]["least"] == list["items"][1]["similarity"]["most"])
            #expect(list["items"][1]["tokenID"].text == tool.record.id.description)
            #expect(!list.text.contains(#"Hi""#), "the answer itself is not shown")
            #expect(try await visitor.call(.get, "/api/v1/cache")["semantic"]["entries"] == 2)
            #expect(try await tool.call(.get, Self.path).status == .unauthorized)
            #expect(try await visitor.call(.get, "\(Self.path)?token=\(RecordID.make())")["items"].items.isEmpty)
            #expect(try await visitor.call(.get, "\(Self.path)?limit=1")["items"].items.count == 1)
            let one = "\(Self.path)/\(list["items"][1]["id"].text)"
            #expect(try await visitor.call(.delete, one).status == .noContent)
            #expect(try await visitor.call(.delete, one).status == .notFound)
            #expect(
                try await tool.call(.post, Self.chat, Self.ask("what's love")).headers[.answerCache] == nil
            )
            #expect(try await visitor.call(.delete, "\(Self.path)?token=\(RecordID.make())").status == .noContent)
            #expect(try await visitor.call(.get, Self.path)["items"].items.count == 2)
            #expect(try await visitor.call(.delete, "\(Self.path)?token=\(tool.record.id)").status == .noContent)
            #expect(try await visitor.call(.get, Self.path)["items"].items.isEmpty)
            _ = try await tool.call(.post, Self.chat, Self.ask("What is love?"))
            #expect(try await visitor.call(.get, Self.path)["items"].items.count == 1)
            #expect(try await visitor.call(.delete, "/api/v1/cache").status == .noContent)
            #expect(try await visitor.call(.get, Self.path)["items"].items.isEmpty)
            _ = try await tool.call(.post, Self.chat, Self.ask("What is love?"))
            await visitor.stage.gateway.empty()
            try await visitor.stage.tellGateway()
            #expect(try await visitor.call(.get, Self.path)["items"].items.isEmpty)
        }
    }

    @Test("The setting is made, changed field by field, and taken away")
    func setting() async throws {
        try await Stage().runUnlocked { visitor in
            let made = try await visitor.call(
                .post,
                "/api/v1/tokens",
                ["name": "Editor", "semanticCache": ["threshold": 0.9]]
            )
            #expect(made["record"]["value"]["semanticCache"] == ["threshold": 0.9, "seconds": 3600])
            let path = "/api/v1/tokens/\(made["record"]["id"].text)"
            let changed = try await visitor.call(
                .patch,
                path,
                ["baseVersion": 1, "semanticCache": ["seconds": 60, "embeddings": "acme/embed"]]
            )
            #expect(
                changed["value"]["semanticCache"]
                    == ["threshold": 0.9, "seconds": 60, "embeddings": "acme/embed"]
            )
            let narrowed = try await visitor.call(.patch, path, ["baseVersion": 2, "models": ["fast"]])
            #expect(narrowed.status == .unprocessableContent)
            #expect(narrowed.message.hasPrefix("semanticCache.embeddings"))
            let off = try await visitor.call(.patch, path, ["baseVersion": 2, "semanticCache": .null])
            #expect(off["value"]["semanticCache"].isNull)
        }
    }

    @Test("The mark says how alike the questions are, cut after three places")
    func mark() {
        #expect(SemanticHit.header(similarity: 1) == "semantic; similarity=1.000")
        #expect(SemanticHit.header(similarity: 0.9299999) == "semantic; similarity=0.929")
        #expect(SemanticHit.header(similarity: 0.80001) == "semantic; similarity=0.800")
    }
}
