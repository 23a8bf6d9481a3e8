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
        var hasReceived = false
        try await self.withEndpoint(mayRepeat: { !hasReceived }) { endpoint in
            try await self.provider(at: endpoint).chat(request) { event in
                hasReceived = true
                try await receive(event)
            }
        }
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
        return try await self.withEndpoint(mayRepeat: { true }) { endpoint in
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

    /// Runs `body` with the server, and once more if the connection to it was lost and `mayRepeat` allows it.
    private func withEndpoint<Result>(
        mayRepeat: () -> Bool,
        _ body: (LocalServerProcess.Endpoint) async throws -> Result
    ) async throws -> Result {
        do {
            return try await self.withEndpoint(body)
        } catch let error as BridgeError where error.isLostConnection && mayRepeat() {
            return try await self.withEndpoint(body)
        }
    }

    /// Runs `body` with the server. One that loses a connection and is not well is reported, to be started anew.
    private func withEndpoint<Result>(
        _ body: (LocalServerProcess.Endpoint) async throws -> Result
    ) async throws -> Result {
        try await self.model.withEndpoint { endpoint in
            do {
                return try await body(endpoint)
            } catch let error as BridgeError where error.isLostConnection {
                if await !endpoint.isHealthy(self.transport) { self.model.lostContact(endpoint) }
                throw error
            }
        }
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
    fileprivate var isLostConnection: Bool {
        [.unreachable, .cutOff].contains(self.code) && self.underlying is NetError
    }
}
