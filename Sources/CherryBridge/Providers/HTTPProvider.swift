public import CherryCore
public import CherryNet
import Tracing

/// A provider reached over HTTP: a dialect and the transport around it.
public struct HTTPProvider: LanguageModelProvider {
    /// Bytes of an answer that is not streamed: lists of models, embeddings.
    private static let answerLimit = 32 << 20
    /// Bytes that are read of a refusal.
    private static let refusalLimit = 64 << 10
    /// Limits for questions that no model has to think about.
    private static let quick = HTTPTransport.Limits(
        firstByte: .seconds(15),
        gap: .seconds(15),
        total: .seconds(30),
        size: answerLimit
    )

    public let dialect: any ProviderDialect
    public let endpoint: ProviderEndpoint
    private let transport: HTTPTransport

    /// Creates a provider.
    public init(_ dialect: any ProviderDialect, at endpoint: ProviderEndpoint, transport: HTTPTransport) {
        self.dialect = dialect
        self.endpoint = endpoint
        self.transport = transport
    }

    public func answer(to request: ChatRequest, limits: HTTPTransport.Limits?) async throws -> any AnswerStream {
        var outgoing = try self.dialect.chatRequest(request, to: self.endpoint)
        outgoing.limits = limits
        return try await self.answer(to: outgoing, for: request, userTexts: request.userTexts, keepsBytes: false)
    }

    /// Sends a body that is in the dialect's own form already. The answer's bytes come along with its events.
    ///
    /// - Parameter userTexts: what the user wrote, which is kept out of errors.
    public func answer(
        toBody body: [UInt8],
        model: String,
        isStreamed: Bool,
        userTexts: [String],
        limits: HTTPTransport.Limits?
    ) async throws -> any AnswerStream {
        var outgoing = try self.dialect.chatRequest(
            body: body,
            model: model,
            isStreamed: isStreamed,
            to: self.endpoint
        )
        outgoing.limits = limits
        let request = ChatRequest(model: model, messages: [], isStreamed: isStreamed)
        return try await self.answer(to: outgoing, for: request, userTexts: userTexts, keepsBytes: true)
    }

    private func answer(
        to outgoing: OutgoingRequest,
        for request: ChatRequest,
        userTexts: [String],
        keepsBytes: Bool
    ) async throws -> any AnswerStream {
        let errors = ProviderErrors(key: self.endpoint.key, userTexts: userTexts)
        let response = try await self.open(outgoing, errors)
        let type = response.header("Content-Type")?.lowercased() ?? ""
        guard let framer = self.dialect.framer(contentType: type, isStreamed: request.isStreamed) else {
            throw errors.wrongKind(type)
        }
        let wrongKind = { @Sendable in errors.wrongKind(type) }
        return HTTPAnswer(
            response,
            framer: framer,
            translator: self.dialect.translator(for: request, errors: errors),
            keepsBytes: keepsBytes,
            wrongKind: type.hasPrefix("text/event-stream") ? nil : wrongKind
        )
    }

    public func models() async throws -> [ModelDescription] {
        guard let request = try self.dialect.modelsRequest(to: self.endpoint) else {
            throw BridgeError.unsupported("listing its models", by: self.dialect.name)
        }
        return try await self.ask(request, ProviderErrors(key: self.endpoint.key), limits: Self.quick) { bytes in
            try self.dialect.models(from: bytes)
        }
    }

    public func embeddings(_ request: EmbeddingsRequest, limits: HTTPTransport.Limits?) async throws -> Embeddings {
        guard !request.texts.isEmpty else { return Embeddings(vectors: [], promptTokens: 0) }
        let outgoing = try self.dialect.embeddingsRequest(request, to: self.endpoint)
        let errors = ProviderErrors(key: self.endpoint.key, userTexts: request.texts)
        let answer = try await self.ask(outgoing, errors, limits: limits) { bytes in
            try self.dialect.embeddings(from: bytes, for: request)
        }
        let lengths = Set(answer.vectors.map(\.count))
        guard answer.vectors.count == request.texts.count, lengths.count == 1, !lengths.contains(0) else {
            throw BridgeError(.garbled, message: "The provider sent vectors for other texts than it was asked for.")
        }
        return answer
    }

    public func tokenCounts(of texts: [String], model: String) async throws -> [Int]? { nil }

    public func tokenCount(of request: ChatRequest) async throws -> Int? {
        guard let outgoing = try self.dialect.tokenCountRequest(request, to: self.endpoint) else { return nil }
        let errors = ProviderErrors(key: self.endpoint.key, userTexts: request.userTexts)
        return try await self.ask(outgoing, errors, limits: Self.quick) { try self.dialect.tokenCount(from: $0) }
    }

    // MARK: One exchange

    /// Sends a request; once more in other words when the dialect knows some for this refusal.
    private func open(_ request: OutgoingRequest, _ errors: ProviderErrors) async throws -> IncomingResponse {
        let response = try await self.send(request)
        guard response.status >= 300 else { return response }
        let refusal = try await Self.refusal(response)
        guard let second = self.dialect.alternative(to: request, status: response.status, body: refusal) else {
            throw Self.error(response, refusal, errors)
        }
        let answer = try await self.send(second)
        guard answer.status >= 300 else { return answer }
        throw Self.error(answer, try await Self.refusal(answer), errors)
    }

    private func ask<Answer>(
        _ request: OutgoingRequest,
        _ errors: ProviderErrors,
        limits: HTTPTransport.Limits?,
        _ read: ([UInt8]) throws -> Answer
    ) async throws -> Answer {
        var request = request
        request.limits = limits
        let response = try await self.send(request)
        guard response.status < 300 else { throw Self.error(response, try await Self.refusal(response), errors) }
        let bytes: [UInt8]
        do {
            bytes = try await response.body.collect(upTo: Self.answerLimit)
        } catch let error as NetError {
            throw BridgeError(error, hasAnswer: true)
        }
        do {
            return try read(bytes)
        } catch let error as BridgeError {
            throw error
        } catch {
            throw errors.wrongKind(response.header("Content-Type"))
        }
    }

    private func send(_ request: OutgoingRequest) async throws -> IncomingResponse {
        var request = request
        request.reach = self.endpoint.reach
        if let trace = InstrumentationContext.current {
            InstrumentationSystem.instrument.inject(trace, into: &request, using: HeaderInjector())
        }
        do {
            return try await self.transport.send(request)
        } catch let error as NetError {
            throw BridgeError(error, hasAnswer: false)
        }
    }

    /// The beginning of a refusal's body. The status says the most, so a body that breaks off is taken as it is.
    private static func refusal(_ response: IncomingResponse) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await piece in response.body {
                bytes += piece
                if bytes.count >= self.refusalLimit { break }
            }
        } catch is NetError {
            return bytes
        }
        return bytes
    }

    private static func error(
        _ response: IncomingResponse,
        _ refusal: [UInt8],
        _ errors: ProviderErrors
    ) -> BridgeError {
        errors.error(
            status: response.status,
            contentType: response.header("Content-Type"),
            body: refusal,
            retryAfter: response.header("Retry-After")
        )
    }
}

extension HTTPProvider {
    /// Any server with an OpenAI-compatible API.
    ///
    /// - Parameters:
    ///   - baseURL: the address up to and including the version, such as `https://api.example.com/v1`.
    ///   - apiKey: sent as a bearer token; `nil` sends none.
    ///   - reach: where its requests may go.
    public static func openAI(
        baseURL: String,
        apiKey: Secret<String>?,
        reach: EgressReach = .publicOnly,
        transport: HTTPTransport
    ) -> HTTPProvider {
        HTTPProvider(
            OpenAIChatDialect(),
            at: ProviderEndpoint(baseURL: baseURL, key: apiKey, reach: reach),
            transport: transport
        )
    }
}

extension ChatRequest {
    /// Every text in it that the user or a tool of theirs wrote.
    var userTexts: [String] {
        self.messages.flatMap(\.parts).flatMap { part -> [String] in
            switch part {
            case .text(let text): [text]
            case .toolCall(let call): [call.arguments]
            case .toolResult(let result):
                result.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
            case .reasoning(let reasoning): [reasoning.text]
            case .image, .file: []
            }
        }
    }
}

/// Puts the fields of a trace among a request's headers.
private struct HeaderInjector: Injector {
    func inject(_ value: String, forKey key: String, into carrier: inout OutgoingRequest) {
        carrier.headers.append((key, value))
    }
}
