public import CherryCore
public import CherryNet
import Foundation

/// Any server with an OpenAI-compatible API.
public struct OpenAIProvider: LanguageModelProvider {
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

    private let baseURL: String
    /// What follows a `?` in the address, which some providers need in every request.
    private let query: String
    private let apiKey: Secret<String>?
    private let transport: HTTPTransport

    /// Creates a provider.
    ///
    /// - Parameters:
    ///   - baseURL: the address up to and including the version, such as `https://api.example.com/v1`.
    ///   - apiKey: sent as a bearer token; `nil` sends none.
    public init(baseURL: String, apiKey: Secret<String>?, transport: HTTPTransport) {
        let parts = baseURL.trimmingCharacters(in: .whitespacesAndNewlines)
            .split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path = parts.first ?? ""
        while path.hasSuffix("/") { path.removeLast() }
        self.baseURL = String(path)
        self.query = parts.count > 1 ? "?" + parts[1] : ""
        self.apiKey = apiKey
        self.transport = transport
    }

    public func chat(_ request: ChatRequest, _ receive: (ChatEvent) async throws -> Void) async throws {
        let errors = OpenAIErrorTranslator(apiKey: self.apiKey, userTexts: request.messages.map(\.text))
        let response = try await self.open(request, errors)
        let type = response.header("Content-Type")?.lowercased() ?? ""
        var translator = OpenAIStreamTranslator(errors: errors)
        do {
            if type.contains("json") {
                let body = String(decoding: try await response.body.collect(upTo: Self.answerLimit), as: UTF8.self)
                let whole = StreamedEvent(name: "message", data: body)
                for event in try translator.receive(whole) { try await receive(event) }
            } else {
                var parser = ServerSentEventParser()
                for try await piece in response.body {
                    for event in try parser.feed(piece) {
                        for event in try translator.receive(event) { try await receive(event) }
                    }
                    if translator.isDone { break }
                }
            }
        } catch let error as NetError {
            throw BridgeError(error, hasAnswer: true)
        }
        guard translator.hasBegun || type.hasPrefix("text/event-stream") else { throw errors.wrongKind(type) }
        for event in try translator.finish() { try await receive(event) }
    }

    public func models() async throws -> [ModelDescription] {
        let errors = OpenAIErrorTranslator(apiKey: self.apiKey)
        let answer: OpenAIModelList = try await self.ask(.get, "/models", errors: errors, limits: Self.quick)
        return answer.models
    }

    public func embeddings(for texts: [String], model: String) async throws -> [[Float]] {
        struct Question: Encodable {
            let model: String
            let input: [String]
        }
        struct Answer: Decodable {
            struct Item: Decodable {
                let index: Int
                let embedding: [Float]
            }
            let data: [Item]
        }
        guard !texts.isEmpty else { return [] }
        let errors = OpenAIErrorTranslator(apiKey: self.apiKey, userTexts: texts)
        let body = Array(try JSONEncoder().encode(Question(model: model, input: texts)))
        let answer: Answer = try await self.ask(.post, "/embeddings", body: body, errors: errors)
        let items = answer.data.sorted { $0.index < $1.index }
        guard items.map(\.index) == Array(texts.indices), Set(items.map(\.embedding.count)).count == 1 else {
            throw BridgeError(.garbled, message: "The provider sent vectors for other texts than it was asked for.")
        }
        return items.map(\.embedding)
    }

    public func tokenCounts(of texts: [String], model: String) async throws -> [Int]? { nil }

    /// Sends a chat request; once more without asking for usage when the server does not know that question.
    private func open(_ request: ChatRequest, _ errors: OpenAIErrorTranslator) async throws -> IncomingResponse {
        let response = try await self.send(request, asksForUsage: true)
        guard response.status >= 300 else { return try self.checked(response, errors) }
        let refusal = try await self.refusal(response)
        let isAboutUsage = String(decoding: refusal, as: UTF8.self).contains("stream_options")
        guard [400, 422].contains(response.status), isAboutUsage else {
            throw self.error(response, refusal, errors)
        }
        let second = try await self.send(request, asksForUsage: false)
        guard second.status >= 300 else { return try self.checked(second, errors) }
        throw self.error(second, try await self.refusal(second), errors)
    }

    private func send(_ request: ChatRequest, asksForUsage: Bool) async throws -> IncomingResponse {
        let body = try OpenAIRequest(request, asksForUsage: asksForUsage).bytes()
        return try await self.send(.post, "/chat/completions", accept: "text/event-stream", body: body)
    }

    private func checked(_ response: IncomingResponse, _ errors: OpenAIErrorTranslator) throws -> IncomingResponse {
        let type = response.header("Content-Type")
        if type?.lowercased().contains("html") == true { throw errors.wrongKind(type) }
        return response
    }

    private func ask<Answer: Decodable>(
        _ method: OutgoingRequest.Method,
        _ path: String,
        body: [UInt8]? = nil,
        errors: OpenAIErrorTranslator,
        limits: HTTPTransport.Limits? = nil
    ) async throws -> Answer {
        let response = try await self.send(method, path, accept: "application/json", body: body, limits: limits)
        guard response.status < 300 else { throw self.error(response, try await self.refusal(response), errors) }
        do {
            let bytes = try await response.body.collect(upTo: Self.answerLimit)
            guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else {
                throw errors.wrongKind(response.header("Content-Type"))
            }
            return answer
        } catch let error as NetError {
            throw BridgeError(error, hasAnswer: true)
        }
    }

    /// The beginning of a refusal's body. The status says the most, so a body that breaks off is taken as it is.
    private func refusal(_ response: IncomingResponse) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await piece in response.body {
                bytes += piece
                if bytes.count >= Self.refusalLimit { break }
            }
        } catch is NetError {
            return bytes
        }
        return bytes
    }

    private func error(
        _ response: IncomingResponse,
        _ refusal: [UInt8],
        _ errors: OpenAIErrorTranslator
    ) -> BridgeError {
        errors.error(
            status: response.status,
            contentType: response.header("Content-Type"),
            body: refusal,
            retryAfter: response.header("Retry-After")
        )
    }

    private func send(
        _ method: OutgoingRequest.Method,
        _ path: String,
        accept: String,
        body: [UInt8]?,
        limits: HTTPTransport.Limits? = nil
    ) async throws -> IncomingResponse {
        var headers = [(name: "Accept", value: accept)]
        if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
        if let apiKey { headers.append((name: "Authorization", value: "Bearer \(apiKey.exposed)")) }
        let url = self.baseURL + path + self.query
        do {
            let request = OutgoingRequest(method, url, headers: headers, body: body, limits: limits)
            return try await self.transport.send(request)
        } catch let error as NetError {
            throw BridgeError(error, hasAnswer: false)
        }
    }
}
