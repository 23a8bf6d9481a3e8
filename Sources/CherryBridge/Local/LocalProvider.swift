import CherryCore
public import CherryNet
import Foundation

/// The local model as a provider: starts it when it is asked something.
public struct LocalProvider: LanguageModelProvider {
    private let model: LocalModel
    private let transport: HTTPTransport

    /// Creates a provider that uses `model`.
    public init(_ model: LocalModel, transport: HTTPTransport) {
        self.model = model
        self.transport = transport
    }

    public func chat(_ request: ChatRequest, _ receive: (ChatEvent) async throws -> Void) async throws {
        try await self.model.withEndpoint { endpoint in
            try await self.provider(at: endpoint).chat(request, receive)
        }
    }

    public func models() async throws -> [ModelDescription] {
        let status = self.model.status
        guard let name = status.model, status.state != .missing else {
            throw BridgeError(
                .localModelMissing, message: status.detail ?? "No local model is set up.", hint: status.hint)
        }
        return [ModelDescription(id: name, contextLength: self.model.contextLength)]
    }

    public func embeddings(for texts: [String], model: String) async throws -> [[Float]] {
        throw BridgeError(
            .unsupported,
            message: "The local model makes no embeddings.",
            hint: "Add a provider that does."
        )
    }

    /// Counts exactly, by the model's own tokenizer.
    public func tokenCounts(of texts: [String], model: String) async throws -> [Int]? {
        struct Question: Encodable { let content: String }
        struct Answer: Decodable { let tokens: [Int] }
        return try await self.model.withEndpoint { endpoint in
            var counts: [Int] = []
            for text in texts {
                let request = OutgoingRequest(
                    .post,
                    endpoint.baseURL + "/tokenize",
                    headers: [
                        ("Content-Type", "application/json"), ("Authorization", "Bearer \(endpoint.apiKey.exposed)"),
                    ],
                    body: Array(try JSONEncoder().encode(Question(content: text)))
                )
                do {
                    let response = try await self.transport.send(request)
                    let body = Data(try await response.body.collect(upTo: 32 << 20))
                    guard response.status == 200 else {
                        throw BridgeError(.garbled, message: "The local model does not count tokens.")
                    }
                    counts.append(try JSONDecoder().decode(Answer.self, from: body).tokens.count)
                } catch let error as NetError {
                    throw BridgeError(error)
                }
            }
            return counts
        }
    }

    private func provider(at endpoint: LocalServerProcess.Endpoint) -> OpenAIProvider {
        OpenAIProvider(baseURL: endpoint.baseURL + "/v1", apiKey: endpoint.apiKey, transport: self.transport)
    }
}
