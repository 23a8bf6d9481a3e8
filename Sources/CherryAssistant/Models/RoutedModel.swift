import CherryBridge
import CherryCore
import CherryNet

/// A model that is asked through the gateway, so that it is routed and counted like any other request.
struct RoutedModel: LanguageModelProvider {
    private let gateway: Gateway
    private let reference: ModelReference
    /// What answers questions about the model itself.
    private let base: any LanguageModelProvider
    private let conversationID: RecordID?

    /// - Parameter base: the model's provider, or that of the first target of an alias.
    init(
        _ reference: ModelReference,
        through gateway: Gateway,
        base: any LanguageModelProvider,
        conversationID: RecordID? = nil
    ) {
        self.gateway = gateway
        self.reference = reference
        self.base = base
        self.conversationID = conversationID
    }

    /// The same, counted for a conversation.
    func counted(for conversation: RecordID) -> RoutedModel {
        RoutedModel(self.reference, through: self.gateway, base: self.base, conversationID: conversation)
    }

    func answer(to request: ChatRequest, limits: HTTPTransport.Limits?) async throws -> any AnswerStream {
        let exchange = try await self.gateway.ask(
            GatewayQuestion(request),
            of: self.reference,
            for: GatewayCaller(conversationID: self.conversationID)
        )
        return Answer(exchange)
    }

    func models() async throws -> [ModelDescription] { try await self.base.models() }

    func embeddings(_ request: EmbeddingsRequest, limits: HTTPTransport.Limits?) async throws -> Embeddings {
        try await self.base.embeddings(request, limits: limits)
    }

    func tokenCounts(of texts: [String], model: String) async throws -> [Int]? {
        try await self.base.tokenCounts(of: texts, model: model)
    }

    func tokenCount(of request: ChatRequest) async throws -> Int? { try await self.base.tokenCount(of: request) }

    private final class Answer: AnswerStream {
        private let exchange: Exchange

        init(_ exchange: Exchange) { self.exchange = exchange }

        func next() async throws -> AnswerPiece? { try await self.exchange.next() }
    }
}
