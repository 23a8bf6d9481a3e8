public import CherryCore
public import CherryNet
import Foundation

/// Any server with an OpenAI-compatible API.
public struct OpenAIProvider: LanguageModelProvider {
    /// Bytes of an answer that is not streamed: lists of models, embeddings, refusals.
    private static let answerLimit = 32 << 20

    private let baseURL: String
    private let apiKey: Secret<String>?
    private let transport: HTTPTransport
    private let errors: OpenAIErrorTranslator

    /// Creates a provider.
    ///
    /// - Parameters:
    ///   - baseURL: the address up to and including the version, such as `https://api.example.com/v1`.
    ///   - apiKey: sent as a bearer token; `nil` sends none.
    public init(baseURL: String, apiKey: Secret<String>?, transport: HTTPTransport) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.apiKey = apiKey
        self.transport = transport
        self.errors = OpenAIErrorTranslator(apiKey: apiKey)
    }

    public func chat(_ request: ChatRequest, _ receive: (ChatEvent) async throws -> Void) async throws {
        do {
            let response = try await self.open(request)
            var parser = ServerSentEventParser()
            var translator = OpenAIStreamTranslator(errors: self.errors)
            for try await piece in response.body {
                for event in try parser.feed(piece) {
                    for event in try translator.receive(event) { try await receive(event) }
                }
                if translator.isDone { break }
            }
            for event in try translator.finish() { try await receive(event) }
        } catch let error as NetError {
            throw BridgeError(error)
        }
    }

    public func models() async throws -> [ModelDescription] {
        struct Answer: Decodable {
            struct Model: Decodable {
                let id: String
                let context_length: Int?
                let max_model_len: Int?
            }
            let data: [Model]
        }
        let answer: Answer = try await self.ask(.get, "/models", body: nil)
        return answer.data.map { ModelDescription(id: $0.id, contextLength: $0.context_length ?? $0.max_model_len) }
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
        let body = Array(try JSONEncoder().encode(Question(model: model, input: texts)))
        let answer: Answer = try await self.ask(.post, "/embeddings", body: body)
        let items = answer.data.sorted { $0.index < $1.index }
        guard items.map(\.index) == Array(texts.indices) else {
            throw BridgeError(.garbled, message: "The provider sent vectors for other texts than it was asked for.")
        }
        return items.map(\.embedding)
    }

    public func tokenCounts(of texts: [String], model: String) async throws -> [Int]? { nil }

    /// Sends a chat request; once more without asking for usage when the server does not know that question.
    private func open(_ request: ChatRequest) async throws -> IncomingResponse {
        for asksForUsage in [true, false] {
            let body = try OpenAIRequest(request, asksForUsage: asksForUsage).bytes()
            let response = try await self.send(.post, "/chat/completions", accept: "text/event-stream", body: body)
            guard response.status >= 400 else {
                let type = response.header("Content-Type")
                guard type?.lowercased().hasPrefix("text/event-stream") == true else {
                    throw self.errors.wrongKind(type)
                }
                return response
            }
            let refusal = try await response.body.collect(upTo: Self.answerLimit)
            if asksForUsage, response.status == 400,
                String(decoding: refusal, as: UTF8.self).contains("stream_options")
            {
                continue
            }
            throw self.errors.error(
                status: response.status, body: refusal, retryAfter: response.header("Retry-After"))
        }
        fatalError("the second round returns or throws")
    }

    private func ask<Answer: Decodable>(
        _ method: OutgoingRequest.Method,
        _ path: String,
        body: [UInt8]?
    ) async throws -> Answer {
        do {
            let response = try await self.send(method, path, accept: "application/json", body: body)
            let bytes = try await response.body.collect(upTo: Self.answerLimit)
            guard response.status < 400 else {
                throw self.errors.error(
                    status: response.status, body: bytes, retryAfter: response.header("Retry-After"))
            }
            guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else {
                throw self.errors.wrongKind(response.header("Content-Type"))
            }
            return answer
        } catch let error as NetError {
            throw BridgeError(error)
        }
    }

    private func send(
        _ method: OutgoingRequest.Method,
        _ path: String,
        accept: String,
        body: [UInt8]?
    ) async throws -> IncomingResponse {
        var headers = [(name: "Accept", value: accept)]
        if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
        if let apiKey { headers.append((name: "Authorization", value: "Bearer \(apiKey.exposed)")) }
        return try await self.transport.send(OutgoingRequest(method, self.baseURL + path, headers: headers, body: body))
    }
}

extension BridgeError {
    /// Says what a failed connection means for a conversation.
    init(_ error: NetError) {
        let code: Code =
            switch error.code {
            case _ where error.isTimeout: .timedOut
            case .connectionLost: .cutOff
            case .garbled, .tooLarge: .garbled
            default: .unreachable
            }
        self.init(code, message: error.message, hint: error.hint, underlying: error)
    }
}
