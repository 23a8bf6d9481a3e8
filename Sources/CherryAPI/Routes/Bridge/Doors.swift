import CherryBridge
import CherryCore
import CherryNet
import CherryObservability
import CherryVault
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Tracing

/// The doors of other tools: who may come in, which door is meant, and in whose words a refusal is said.
struct Doors: Sendable {
    let gateway: Gateway
    let vault: Vault
    private let hosts: KnownHosts
    let streams: DoorStreams
    let clock: WallClock
    private let logger: Logger
    private let beginTrace: @Sendable () -> InstrumentationContext?
    private let reporter: any ErrorReporter
    private let metrics: RequestMetrics
    let date = DateField()

    private static let chat = OpenAIChatDoor()
    private static let responses = OpenAIResponsesDoor()
    private static let messages = AnthropicDoor()

    /// Creates the doors.
    init(_ dependencies: APIDependencies, streams: DoorStreams, metrics: RequestMetrics) {
        self.gateway = dependencies.gateway
        self.vault = dependencies.vault
        self.hosts = KnownHosts(dependencies.configuration)
        self.streams = streams
        self.clock = dependencies.wallClock
        self.logger = dependencies.logger
        self.beginTrace = dependencies.beginTrace
        self.reporter = dependencies.reporter
        self.metrics = metrics
    }

    /// Answers a request.
    ///
    /// - Throws: what ended the connection before the request was read.
    func respond(to request: DoorRequest) async throws -> Response {
        guard let trace = self.trace(of: request) else { return try await self.answer(request).response }
        return try await withSpan("http.request", context: trace, ofKind: .server) { span in
            let (response, route) = try await self.answer(request)
            span.note(method: request.method, route: "\(route)", status: response.status)
            return response
        }
    }

    /// The trace that the client began, or a new one if it is kept.
    private func trace(of request: DoorRequest) -> InstrumentationContext? {
        guard request.traceParent != nil else { return self.beginTrace() }
        var trace = InstrumentationContext.topLevel
        InstrumentationSystem.instrument.extract(request, into: &trace, using: TraceParentExtractor())
        return trace.trace == nil ? self.beginTrace() : trace
    }

    private func answer(_ request: DoorRequest) async throws -> (response: Response, route: StaticString) {
        let start = ContinuousClock.now
        let id = ExchangeID.make()
        let door: any BridgeDoor =
            request.path.hasPrefix("messages") || request.isAnthropic ? Self.messages : Self.chat
        var route: StaticString = "v1"
        var response: Response
        do {
            try self.check(request)
            let endpoint = try Endpoint(request.method, request.path)
            route = endpoint.template
            let caller = try self.gateway.authorize(request.token)
            self.vault.touch()
            let call = DoorCall(request: request, id: id, caller: caller)
            response = try await self.answer(endpoint, call)
        } catch {
            response = try self.refusal(error, at: door, id: id)
        }
        response.headers[.requestID] = id
        let (method, status, time) = (request.method, response.status, ContinuousClock.now - start)
        // The answer need not wait for its line in the log, nor to be counted.
        let trace = InstrumentationContext.current
        request.channel.eventLoop.execute { [route] in
            InstrumentationContext.$current.withValue(trace) { self.log(id, method, route, status, time) }
        }
        return (response, route)
    }

    private func log(
        _ id: String,
        _ method: HTTPRequest.Method,
        _ route: StaticString,
        _ status: HTTPResponse.Status,
        _ time: Duration
    ) {
        self.metrics.note(method, route.description, status, time)
        let (seconds, attoseconds) = time.components
        self.logger.info(
            "request",
            metadata: [
                "request.id": "\(id)", "http.method": "\(method.rawValue)", "http.route": "\(route)",
                "http.status": "\(status.code)",
                "http.milliseconds": "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)",
            ]
        )
    }

    private func answer(_ endpoint: Endpoint, _ call: DoorCall) async throws -> Response {
        switch endpoint {
        case .chat: try await self.exchange(at: Self.chat, call)
        case .responses: try await self.exchange(at: Self.responses, call)
        case .messages: try await self.exchange(at: Self.messages, call)
        case .tokenCount: try await self.tokenCount(call)
        case .embeddings: try await self.embeddings(call)
        case .models: try await self.models(call)
        case .model(let name): try await self.model(name, call)
        }
    }

    // MARK: Who may come in

    /// A name that is not ours, or a page of another site, gets no further: a browser would lend it the user's network.
    private func check(_ request: DoorRequest) throws {
        guard self.hosts.includes(request.authority) else {
            throw APIError(.misdirectedRequest, "unknownHost", "This server does not answer to that host name.")
        }
        // The gateway is told of a lock a moment later.
        guard self.vault.state.isUnlocked else { throw Self.sealed }
        let (origins, authority) = (request.origins, request.authority)
        guard origins.isEmpty || (origins.count == 1 && self.hosts.isOwn(origin: origins[0], authority: authority))
        else {
            throw BridgeError(.denied, message: "The request comes from a page of another site.")
        }
    }

    /// The templates of what the doors open.
    static var templates: Set<String> {
        let all: [Endpoint] = [.chat, .responses, .messages, .tokenCount, .embeddings, .models, .model("")]
        return Set(all.map { "\($0.template)" })
    }

    /// What the doors open.
    private enum Endpoint {
        case chat, responses, messages, tokenCount, embeddings, models
        case model(String)

        init(_ method: HTTPRequest.Method, _ path: Substring) throws {
            switch path {
            case "chat/completions": self = .chat
            case "responses": self = .responses
            case "messages": self = .messages
            case "messages/count_tokens": self = .tokenCount
            case "embeddings": self = .embeddings
            case "models": self = .models
            case _ where path.hasPrefix("models/"):
                self = .model(path.dropFirst(7).removingPercentEncoding ?? String(path.dropFirst(7)))
            default: throw APIError.notFound("address")
            }
            let isReading =
                switch self {
                case .models, .model: true
                default: false
                }
            guard method == (isReading ? .get : .post) else {
                throw APIError.methodNotAllowed([isReading ? .get : .post])
            }
        }

        var template: StaticString {
            switch self {
            case .chat: "/v1/chat/completions"
            case .responses: "/v1/responses"
            case .messages: "/v1/messages"
            case .tokenCount: "/v1/messages/count_tokens"
            case .embeddings: "/v1/embeddings"
            case .models: "/v1/models"
            case .model: "/v1/models/{model}"
            }
        }
    }

    // MARK: Refusals

    /// Says an error in the words of a door.
    ///
    /// - Throws: what only the server itself can deal with.
    private func refusal(_ error: any Error, at door: any BridgeDoor, id: String) throws -> Response {
        switch error {
        case let error as BrokenBody: throw error.underlying
        case is CancellationError:
            // The client has gone, or the vault was locked: only the latter can still be told.
            return .door(door.refusal(self.gateway.isOpen ? Self.gone : Self.sealed, id: id))
        case let error as BridgeError: return .door(door.refusal(error, id: id))
        case let error as APIError: return self.refusal(error, at: door, id: id)
        default:
            let mapped = APIError(mapping: error)
            if let fault = mapped.fault {
                let place = FailureReport.Place.request(method: "POST", route: "/v1")
                self.reporter.report(FailureReport(fault, at: place, status: Int(mapped.status.code)))
            }
            return self.refusal(mapped, at: door, id: id)
        }
    }

    private func refusal(_ error: APIError, at door: any BridgeDoor, id: String) -> Response {
        let words = BridgeError(.invalid, message: error.message, hint: error.hint)
        var refusal = door.refusal(words, id: id)
        refusal.status = Int(error.status.code)
        var response = Response.door(refusal, rest: error.rest)
        if !error.allowed.isEmpty {
            response.headers[.allow] = error.allowed.map(\.rawValue).joined(separator: ", ")
        }
        return response
    }

    static let sealed = BridgeError(
        .sealed,
        message: "The vault was locked.",
        hint: "Unlock it in the web app or with: cherry vault unlock"
    )

    private static let gone = BridgeError(.timedOut, message: "The client closed the connection.")
}

extension Doors {
    // MARK: The doors with a single answer

    private func embeddings(_ call: DoorCall) async throws -> Response {
        let door = EmbeddingsDoor()
        let question = try door.call(from: try await call.request.json().json)
        let answer = try await self.asking {
            try await self.gateway.embeddings(question.request, for: call.caller, id: call.id)
        }
        return .door(json: door.answer(answer, to: question, model: question.request.model))
    }

    private func tokenCount(_ call: DoorCall) async throws -> Response {
        let request = try Self.messages.tokenCountRequest(from: try await call.request.json().json)
        let count = try await self.asking { try await self.gateway.tokenCount(of: request, for: call.caller) }
        return .door(json: AnthropicDoor.tokenCount(count))
    }

    private func models(_ call: DoorCall) async throws -> Response {
        let entries = try await self.asking { try await self.gateway.models(for: call.caller) }.map(Self.entry)
        let door = ModelListDoor()
        guard call.request.isAnthropic else { return .door(json: door.openAI(entries)) }
        var query = try Query(URI(call.request.target))
        let page = ModelListDoor.Page(
            limit: Int(try query.integer("limit", in: 1...1000, default: 20)),
            after: query.text("after_id"),
            before: query.text("before_id")
        )
        return .door(json: door.anthropic(entries, page: page))
    }

    private func model(_ name: String, _ call: DoorCall) async throws -> Response {
        let models = try await self.asking { try await self.gateway.models(for: call.caller) }
        guard let model = models.first(where: { $0.name == name }) else {
            throw BridgeError(.unknownModel, message: "There is no alias and no model of this name.")
        }
        let (door, entry) = (ModelListDoor(), Self.entry(model))
        return .door(json: call.request.isAnthropic ? door.anthropic(entry) : door.openAI(entry))
    }

    private static func entry(_ model: GatewayModel) -> ModelListDoor.Entry {
        ModelListDoor.Entry(
            id: model.name,
            created: model.createdAt?.date,
            owner: model.owner,
            contextLength: model.contextLength
        )
    }

    /// Runs what asks providers, so that it ends with the client and with the lock.
    private func asking<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await self.streams.run(RequestAbort(), body)
    }
}

private struct TraceParentExtractor: Extractor {
    func extract(key: String, from carrier: DoorRequest) -> String? {
        key == HTTPField.Name.traceParent.canonicalName ? carrier.traceParent : nil
    }
}
