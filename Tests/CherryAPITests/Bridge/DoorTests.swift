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

@Suite("The doors")
struct DoorTests {
    private static let chat = "/v1/chat/completions"
    private static let question = #"{"model":"acme/m","messages":[{"role":"user","content":"Hello"}]}"#

    // MARK: Pass-through

    @Test("A request and its answer pass through byte for byte where both sides speak the same API")
    func passThrough() async throws {
        try await Tool.with([.whole(200, Script.whole)]) { tool, server async throws in
            let body =
                #"{ "odd" : [1.50, "é\u00e9"], "model": "acme/m","messages":[{"role":"user","content":"Hello"}] }"#
            let answer = try await tool.call(.post, Self.chat, body)
            #expect(answer.status == .ok)
            #expect(answer.text == Script.whole)
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers[.requestID]?.count == 24)
            let sent = try #require(server.requests.first)
            #expect(String(decoding: sent.body, as: UTF8.self) == body.replacing("acme/m", with: "m"))
            #expect(sent.target == "/v1/chat/completions")
            #expect(sent.header("Authorization") == nil, "the tool's token goes nowhere")
        }
    }

    @Test(
        "A stream passes through byte for byte, without the usage that only the bridge asked for",
        arguments: [false, true]
    )
    func passThroughStream(asksForUsage: Bool) async throws {
        let stream = Script.events + Script.usage + Script.done
        try await Tool.with([.eventStream, .text(stream)]) { tool, server async throws in
            let options = asksForUsage ? #","stream_options":{"include_usage":true}"# : ""
            let body = #"{"model":"acme/m","stream":true\#(options),"messages":[{"role":"user","content":"Hello"}]}"#
            let answer = try await tool.call(.post, Self.chat, body)
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == "text/event-stream")
            #expect(answer.text == (asksForUsage ? stream : Script.events + Script.done))
            let sent = try JSONValue(parsing: try #require(server.requests.first).body)
            #expect(sent["stream_options"]["include_usage"] == true)
            await tool.visitor.stage.book.flush()
            let usage = try await tool.usage()
            #expect(usage.map(\.tokens) == [TokenUsage(prompt: 10, completion: 5)])
            #expect(usage.map(\.isEstimated) == [false])
            #expect(usage.map(\.tokenID) == [tool.record.id])
        }
    }

    // MARK: Translation

    @Test("Each door reaches a provider of another API, whole")
    func translated() async throws {
        try await Tool.with([.whole(200, Script.anthropicWhole)], kind: .anthropic) { tool, server async throws in
            let chat = try await tool.call(.post, Self.chat, Self.question)
            #expect(chat["choices"][0]["message"]["content"] == "Hi")
            #expect(chat["model"] == "acme/m")
            #expect(chat["usage"]["prompt_tokens"] == 7)
            let responses = try await tool.call(.post, "/v1/responses", #"{"model":"acme/m","input":"Hello"}"#)
            #expect(responses["output"][0]["content"][0]["text"] == "Hi")
            #expect(server.requests.map(\.target) == ["/v1/messages", "/v1/messages"])
        }
        try await Tool.with([.whole(200, Script.whole)]) { tool, _ async throws in
            let body = #"{"model":"acme/m","max_tokens":10,"messages":[{"role":"user","content":"Hello"}]}"#
            let messages = try await tool.call(.post, "/v1/messages", body)
            #expect(messages["content"][0]["text"] == "Hi")
            #expect(messages["usage"]["input_tokens"] == 10)
        }
    }

    @Test("A stream is written in the door's own events")
    func translatedStream() async throws {
        try await Tool.with([.eventStream, .text(Script.events + Script.usage + Script.done)]) { tool, _ async throws in
            let body =
                #"{"model":"acme/m","stream":true,"max_tokens":10,"messages":[{"role":"user","content":"Hello"}]}"#
            let answer = try await tool.call(.post, "/v1/messages", body)
            #expect(answer.status == .ok)
            for event in ["message_start", "content_block_delta", "message_delta", "message_stop"] {
                #expect(answer.text.contains("event: \(event)\n"))
            }
            #expect(answer.text.contains(#""text":"Hel""#))
        }
    }

    // MARK: What is refused

    @Test("What is no request is refused in the door's words, and the provider hears nothing of it")
    func invalid() async throws {
        try await Tool.with([.whole(200, Script.whole)]) { tool, server async throws in
            for (path, body) in [
                (Self.chat, "{"), (Self.chat, "[]"), (Self.chat, "{}"), (Self.chat, #"{"model":7}"#),
                ("/v1/embeddings", "{}"),
                ("/v1/messages", #"{"model":"acme/m"}"#), ("/v1/responses", #"{"model":"acme/m"}"#),
                ("/v1/messages/count_tokens", "{}"),
            ] {
                let answer = try await tool.call(.post, path, body)
                #expect(answer.status == .badRequest, "\(path) \(body)")
                #expect(!answer.message.isEmpty)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test("An address that there is not, and a method that it has not, are refused as such")
    func addresses() async throws {
        try await Tool.with([.whole(200, Script.whole)]) { tool, _ async throws in
            #expect(try await tool.call(.post, "/v1/unheard-of", "{}").status == .notFound)
            let method = try await tool.call(.get, Self.chat)
            #expect(method.status == .methodNotAllowed)
            #expect(method.headers[.allow] == "POST")
            let model = try await tool.call(.post, Self.chat, Self.question.replacing("acme/m", with: "nobody"))
            #expect(model.status == .notFound)
            #expect(model["error"]["code"] == "model_not_found")
        }
    }

    @Test("A body larger than 32 MiB is refused before it is read")
    func tooLarge() async throws {
        try await Tool.with([.whole(200, Script.whole)], setup: .live) { tool, _ async throws in
            try await RawConnection.open(to: try #require(tool.visitor.client.port)) { connection in
                try await connection.send(
                    """
                    POST \(Self.chat) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(tool.token)\r\n\
                    Content-Length: \(DoorRequest.bodyLimit + 1)\r\n\r\n
                    """
                )
                let answer = try await connection.read(until: "}}")
                #expect(answer.hasPrefix("HTTP/1.1 413"))
                #expect(answer.contains("invalid_request_error"))
            }
        }
    }

    @Test(
        "What a provider says is said in the door's words, with its status and its pause",
        arguments: [400, 401, 429, 500]
    )
    func refusals(status: Int) async throws {
        try await Tool.with(Script.refusal(status, ["Retry-After": "60"])) { tool, _ async throws in
            let answer = try await tool.call(.post, Self.chat, Self.question)
            #expect(answer.status.code == (status == 500 ? 503 : status))
            #expect(answer.message.contains("scripted"))
            if status == 429 { #expect(answer.headers[.retryAfter] == "60") }
        }
    }

    // MARK: The smaller doors

    @Test("The models are listed in the form that the client speaks, aliases first")
    func models() async throws {
        let list = #"{"data":[{"id":"m"},{"id":"other"}]}"#
        try await Tool.with([.whole(200, list), .keepAlive]) { tool, _ async throws in
            let stage = tool.visitor.stage
            let provider = try #require(try await stage.store.list(Provider.self).first?.value)
            let target = ModelAlias.Target(model: ModelReference(providerID: provider.id, model: "m"))
            try await stage.store.put(ModelAlias(name: "fast", targets: [target]), basedOn: 0)
            try await stage.tellGateway()
            let openAI = try await tool.call(.get, "/v1/models")
            #expect(openAI["data"].items.map { $0["id"].text } == ["fast", "local/scripted", "acme/m", "acme/other"])
            let anthropic = try await tool.call(.get, "/v1/models?limit=2", headers: [.anthropicVersion: "2023-06-01"])
            #expect(anthropic["data"].items.map { $0["type"].text } == ["model", "model"])
            #expect(anthropic["has_more"] == true)
            let one = try await tool.call(.get, "/v1/models/acme/other")
            #expect(one["id"] == "acme/other")
            #expect(try await tool.call(.get, "/v1/models/nobody").status == .notFound)
        }
    }

    @Test("Texts become vectors, and what they took is counted")
    func embeddings() async throws {
        let vectors = #"{"data":[{"index":0,"embedding":[0.5,1]}],"usage":{"prompt_tokens":3}}"#
        try await Tool.with([.whole(200, vectors)]) { tool, _ async throws in
            let answer = try await tool.call(.post, "/v1/embeddings", #"{"model":"acme/m","input":"Hello"}"#)
            #expect(answer["data"][0]["embedding"] == [0.5, 1])
            #expect(answer["usage"]["prompt_tokens"] == 3)
            await tool.visitor.stage.book.flush()
            #expect(try await tool.usage().map(\.tokens) == [TokenUsage(prompt: 3, completion: 0)])
        }
    }

    @Test("Tokens are counted, by estimate where the provider does not count")
    func tokenCount() async throws {
        try await Tool.with([.whole(200, "{}")]) { tool, _ async throws in
            let body = #"{"model":"acme/m","messages":[{"role":"user","content":"123456789"}]}"#
            let answer = try await tool.call(.post, "/v1/messages/count_tokens", body)
            #expect(answer["input_tokens"] == 3)
        }
    }

    // MARK: The cache

    @Test("The very same request of the same token gets the very same answer, if the token wants that")
    func cache() async throws {
        let stream = Script.events + Script.usage + Script.done
        try await Tool.with([.eventStream, .text(stream)], token: { $0.cacheSeconds = 60 }) {
            tool,
            server async throws in
            let stage = tool.visitor.stage
            let body = #"{"model":"acme/m","stream":true,"messages":[{"role":"user","content":"Hello"}]}"#
            let first = try await tool.call(.post, Self.chat, body)
            let second = try await tool.call(.post, Self.chat, body)
            #expect(second.text == first.text)
            #expect(second.headers[.answerCache] == "hit")
            #expect(second.headers[.contentType] == "text/event-stream")
            #expect(server.requests.count == 1)
            _ = try await tool.call(.post, Self.chat, body.replacing("Hello", with: "Hello!"))
            #expect(server.requests.count == 2)
            _ = try await Tool(tool.visitor) { $0.cacheSeconds = 60 }.call(.post, Self.chat, body)
            #expect(server.requests.count == 3, "another token's answers are its own")
            _ = try await tool.call(.post, Self.chat, body, headers: [.cacheControl: "no-cache"])
            #expect(server.requests.count == 4)
            stage.clock.advance(by: .seconds(61))
            _ = try await tool.call(.post, Self.chat, body)
            #expect(server.requests.count == 5)
        }
    }

    @Test("An answer that broke off is not given again")
    func cacheOfFailures() async throws {
        try await Tool.with(
            [.eventStream, Script.delta("half")],
            [.eventStream, .text(Script.events + Script.done)],
            token: { $0.cacheSeconds = 60 }
        ) { tool, server async throws in
            let body = #"{"model":"acme/m","stream":true,"messages":[{"role":"user","content":"Hello"}]}"#
            let first = try await tool.call(.post, Self.chat, body)
            #expect(first.text.contains("half"))
            #expect(first.text.contains(#""error""#))
            let second = try await tool.call(.post, Self.chat, body)
            #expect(second.headers[.answerCache] == nil)
            #expect(second.text.contains("Hel"))
            #expect(server.requests.count == 2)
        }
    }

    @Test("Chats of the product go through the gateway, to an alias too, and are counted for their conversation")
    func chats() async throws {
        try await Tool.with([.eventStream, .text(Script.events + Script.usage + Script.done)]) {
            tool,
            server async throws in
            let (visitor, stage) = (tool.visitor, tool.visitor.stage)
            let provider = try #require(try await stage.store.list(Provider.self).first?.value)
            let target = ModelAlias.Target(model: ModelReference(providerID: provider.id, model: "m"))
            try await stage.store.put(ModelAlias(name: "fast", targets: [target]), basedOn: 0)
            try await stage.tellGateway()
            let conversation = try await visitor.makeConversation()["id"].text
            let alias: JSONValue = ["providerID": .string(ModelReference.aliases.description), "model": "fast"]
            let turn = try await visitor.call(
                .post,
                "/api/v1/conversations/\(conversation)/turns",
                [
                    "kind": "send", "messageID": .string(RecordID.make().description), "content": "Hello",
                    "model": alias,
                ]
            )
            #expect(turn.status == .accepted)
            let events = try await visitor.call(.get, "/api/v1/messages/\(turn["reply"]["id"].text)/events")
            #expect(events.text.contains("complete"))
            #expect(!server.requests.isEmpty)
            await stage.book.flush()
            let usage = try await tool.usage()
            #expect(usage.allSatisfy { $0.conversationID?.description == conversation && $0.alias == "fast" })
            #expect(usage.first?.tokens == TokenUsage(prompt: 10, completion: 5))
        }
    }
}
