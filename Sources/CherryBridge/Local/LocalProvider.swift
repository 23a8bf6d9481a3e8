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

    public func answer(to request: ChatRequest, limits: HTTPTransport.Limits?) async throws -> any AnswerStream {
        let answer = LocalAnswer { [self] in
            try await self.withLease { endpoint in
                try await self.provider(at: endpoint).answer(to: request, limits: limits)
            }
        } report: { [self] lease in
            await self.report(lease)
        }
        try await answer.open()
        return answer
    }

    public func models() async throws -> [ModelDescription] {
        let status = self.model.status
        guard let name = status.model, status.state != .missing else {
            throw BridgeError(
                .localModelMissing,
                message: status.detail ?? "No local model is set up.",
                hint: status.hint
            )
        }
        return [ModelDescription(id: name, contextLength: self.model.contextLength)]
    }

    public func embeddings(_ request: EmbeddingsRequest, limits: HTTPTransport.Limits?) async throws -> Embeddings {
        throw BridgeError(
            .unsupported,
            message: "The local model makes no embeddings.",
            hint: "Add a provider that does."
        )
    }

    /// Counts exactly, by the model's own tokenizer.
    public func tokenCounts(of texts: [String], model: String) async throws -> [Int]? {
        struct Question: Encodable { let content: String }
        return try await self.withLeaseTwice { endpoint in
            var counts: [Int] = []
            for text in texts {
                let request = OutgoingRequest(
                    .post,
                    endpoint.baseURL + "/tokenize",
                    headers: [
                        ("Content-Type", "application/json"), ("Authorization", "Bearer \(endpoint.apiKey.exposed)"),
                    ],
                    body: Array(try JSONEncoder().encode(Question(content: text))),
                    reach: .anywhere
                )
                counts.append(try await self.count(request))
            }
            return counts
        }
    }

    private func count(_ request: OutgoingRequest) async throws -> Int {
        struct Answer: Decodable { let tokens: [Int] }
        do {
            let response = try await self.transport.send(request)
            let body = Data(try await response.body.collect(upTo: 32 << 20))
            guard response.status == 200, let answer = try? JSONDecoder().decode(Answer.self, from: body) else {
                throw BridgeError(.garbled, message: "The local model does not count tokens.")
            }
            return answer.tokens.count
        } catch let error as NetError {
            throw BridgeError(error, hasAnswer: false)
        }
    }

    /// Runs `body` with the server, and once more if the connection to it was lost.
    private func withLeaseTwice<Result>(
        _ body: (LocalServerProcess.Endpoint) async throws -> Result
    ) async throws -> Result {
        do {
            return try await self.withLease(body).result
        } catch let error as BridgeError where error.isLostConnection {
            return try await self.withLease(body).result
        }
    }

    /// Runs `body` with the server, which the lease that comes back keeps running.
    private func withLease<Result>(
        _ body: (LocalServerProcess.Endpoint) async throws -> Result
    ) async throws -> (result: Result, lease: LocalModel.Lease) {
        let lease = try await self.model.lease()
        do {
            return (try await body(lease.endpoint), lease)
        } catch let error as BridgeError where error.isLostConnection {
            await self.report(lease)
            throw error
        }
    }

    /// Reports a server that lost a connection and is not well, to be started anew.
    private func report(_ lease: LocalModel.Lease) async {
        if await !lease.endpoint.isHealthy(self.transport) { self.model.lostContact(lease.endpoint) }
    }

    private func provider(at endpoint: LocalServerProcess.Endpoint) -> HTTPProvider {
        HTTPProvider.openAI(
            baseURL: endpoint.baseURL + "/v1",
            apiKey: endpoint.apiKey,
            reach: .anywhere,
            transport: self.transport
        )
    }
}

extension BridgeError {
    /// Whether the connection itself failed, not what came over it.
    var isLostConnection: Bool {
        [.unreachable, .cutOff].contains(self.code) && self.underlying is NetError
    }
}
