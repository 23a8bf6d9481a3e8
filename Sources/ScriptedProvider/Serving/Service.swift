import CherryCore
import NIOCore
import NIOHTTP1
import Synchronization

/// Decides what each request is answered with. Plans that were made once are kept.
final class Service: Sendable {
    /// How a request is answered.
    struct Exchange: Sendable {
        var plan: Plan
        /// Under which id it is counted; `nil` for what is no question to a model.
        var id: String?
    }

    /// What tells plans apart.
    private struct PlanKey: Hashable {
        var script: String?
        var rounds: Int
        var fault: Fault?
        var question: Question
    }

    /// A request that was read before, by all that its reading depends on.
    private struct Request: Hashable {
        var target: String
        var speaksAnthropic: Bool
        var body: ByteBuffer
    }

    /// What a request for a chat asks, and the script that it carries.
    private struct Reading {
        var question: Question
        var found: ScriptFinder.Found?
    }

    private struct State {
        var usual = Script()
        var readings: [Request: Reading] = [:]
        var scripts: [String: Script] = [:]
        var plans: [PlanKey: Plan] = [:]
    }

    private static let mostKept = 512
    /// The longest script and the longest request that are kept, in bytes.
    private static let longestKept = 8192
    private static let models = ["scripted", "scripted-mini"]

    let ledger = Ledger()
    private let state = Mutex(State())

    func answer(_ head: HTTPRequestHead, body: ByteBuffer) -> Exchange {
        let request = Request(
            target: head.uri,
            speaksAnthropic: head.headers.contains(name: "anthropic-version"),
            body: body
        )
        if head.method == .POST, let reading = self.state.withLock({ $0.readings[request] }),
            let exchange = try? self.chat(reading, request)  // what was kept is a script
        {
            return exchange
        }
        let route = Route(
            method: head.method.rawValue,
            target: request.target,
            speaksAnthropic: request.speaksAnthropic
        )
        switch route {
        case .report(let id?): return Exchange(plan: .whole(200, self.ledger.report(id).bytes))
        case .report(nil): return Exchange(plan: .whole(200, self.ledger.summary().bytes))
        case .forget:
            self.ledger.forget()
            return Exchange(plan: .whole(200, Array("{}".utf8)))
        case .nothing: return self.refused(404, "There is nothing at this address.")
        case .models(let list): return Exchange(plan: .whole(200, list.list(Self.models).bytes))
        case .putScript, .chat, .tokenCount, .embeddings: break
        }
        guard let value = try? JSONValue(parsing: body.readableBytesView) else {
            return self.refused(400, "The body is not JSON.")
        }
        do throws(ScriptError) {
            switch route {
            case .putScript: return try self.putScript(value)
            case .embeddings(let api, let model):
                let name = model ?? value["model"]?.string ?? ""
                return Exchange(plan: .whole(200, api.answer(to: value, model: name).bytes))
            case .tokenCount(let api): return try self.tokenCount(api, value)
            case .chat(let api, let model, let isStreamed):
                if let missing = Demands.missing(api, head: head, body: value) {
                    return Exchange(plan: .whole(400, api.writer.refusal(400, missing).body.bytes))
                }
                // Ollama streams unless it is told not to.
                let streams = isStreamed ?? value["stream"]?.bool ?? (api == .ollama)
                let question = Question(
                    api: api,
                    model: model ?? value["model"]?.string ?? "",
                    isStreamed: streams,
                    wantsUsage: ![.openAI, .azure].contains(api)
                        || value["stream_options"]?["include_usage"]?.bool == true
                )
                let reading = Reading(question: question, found: ScriptFinder.find(in: value))
                let exchange = try self.chat(reading, request)
                // Whether a request is signed is not part of what it is known by.
                if api != .bedrock, body.readableBytes <= Self.longestKept {
                    self.keep { $0.readings[request] = reading }
                }
                return exchange
            default: return self.refused(404, "There is nothing at this address.")
            }
        } catch {
            return self.refused(400, error.message)
        }
    }

    private func refused(_ status: Int, _ message: String) -> Exchange {
        let body: JSONValue = ["error": ["message": .string(message), "type": "scripted_provider"]]
        return Exchange(plan: .whole(status, body.bytes))
    }

    private func putScript(_ value: JSONValue) throws(ScriptError) -> Exchange {
        let script = try ScriptReader.script(from: value)
        self.state.withLock { state in
            state.usual = script
            state.plans = state.plans.filter { $0.key.script != nil }
        }
        return Exchange(plan: .whole(200, Array("{}".utf8)))
    }

    private func tokenCount(_ api: ProviderAPI, _ value: JSONValue) throws(ScriptError) -> Exchange {
        let prompt = try self.script(ScriptFinder.find(in: value)).usage.prompt
        let body: JSONValue = api == .gemini ? ["totalTokens": .count(prompt)] : ["input_tokens": .count(prompt)]
        return Exchange(plan: .whole(200, body.bytes))
    }

    private func chat(_ reading: Reading, _ request: Request) throws(ScriptError) -> Exchange {
        let (question, found) = (reading.question, reading.found)
        let script = try self.script(found)
        let attempt = self.ledger.begin(script.id, target: request.target, body: request.body)
        let key = PlanKey(
            script: found?.text,
            rounds: found?.rounds ?? 0,
            fault: script.fault(attempt: attempt),
            question: question
        )
        if let plan = self.state.withLock({ $0.plans[key] }) { return Exchange(plan: plan, id: script.id) }
        let plan = PlanMaker(script.after(rounds: key.rounds), question, fault: key.fault).plan()
        self.keep { $0.plans[key] = (found?.text.utf8.count ?? 0) > Self.longestKept ? nil : plan }
        return Exchange(plan: plan, id: script.id)
    }

    private func script(_ found: ScriptFinder.Found?) throws(ScriptError) -> Script {
        guard let found else { return self.state.withLock { $0.usual } }
        if let script = self.state.withLock({ $0.scripts[found.text] }) { return script }
        guard let value = try? JSONValue(parsing: found.text) else {
            throw ScriptError(message: "The script is not JSON.")
        }
        let script = try ScriptReader.script(from: value)
        if found.text.utf8.count <= Self.longestKept { self.keep { $0.scripts[found.text] = script } }
        return script
    }

    /// Changes what is kept, and starts anew when that is much.
    private func keep(_ change: (inout State) -> Void) {
        self.state.withLock { state in
            if state.plans.count >= Self.mostKept { state.plans = [:] }
            if state.scripts.count >= Self.mostKept { state.scripts = [:] }
            if state.readings.count >= Self.mostKept { state.readings = [:] }
            change(&state)
        }
    }
}

/// What real services insist on and gateways forget.
enum Demands {
    /// What is missing from a request, in words, or `nil`.
    static func missing(_ api: ProviderAPI, head: HTTPRequestHead, body: JSONValue) -> String? {
        switch api {
        case .anthropic:
            if !head.headers.contains(name: "anthropic-version") { return "anthropic-version: header is required" }
            if body["max_tokens"]?.integer == nil { return "max_tokens: Field required" }
        case .azure where head.uri.contains("/deployments/"):
            if !head.uri.contains("api-version=") { return "api-version: query parameter is required" }
        case .gemini:
            if head.uri.contains(":stream"), !head.uri.contains("alt=sse") { return "Only alt=sse is offered here." }
        case .bedrock:
            if head.headers.first(name: "authorization")?.hasPrefix("AWS4-HMAC-SHA256 ") != true {
                return "The request is not signed."
            }
        default: break
        }
        let request = body["generateContentRequest"] ?? body
        let messages = request["messages"] ?? request["contents"] ?? request["input"]
        return messages == nil ? "messages: Field required" : nil
    }
}
