import CherryCore
public import CherryNet
import Foundation

/// OpenAI's models at Azure: the Chat Completions API under other addresses and with the key in another header.
///
/// The address is that of the resource, such as `https://NAME.openai.azure.com`. By default its `v1` API is asked
/// (`/openai/v1/chat/completions`); with a dated version, as in `?api-version=2024-10-21`, the older form, in which the
/// model is the name of a deployment in the path (`/openai/deployments/MODEL/chat/completions`). The versions `preview`
/// and `v1` are of the `v1` API.
public struct AzureOpenAIDialect: ProviderDialect {
    private let openAI = OpenAIChatDialect(name: "Azure OpenAI")

    public var name: String { self.openAI.name }
    public var api: WireAPI { self.openAI.api }

    /// Creates the dialect.
    public init() {}

    public func chatRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest {
        self.chatRequest(
            body: try self.openAI.body(of: request).bytes,
            model: request.model,
            isStreamed: request.isStreamed,
            to: endpoint
        )
    }

    public func chatRequest(
        body: [UInt8],
        model: String,
        isStreamed: Bool,
        to endpoint: ProviderEndpoint
    ) -> OutgoingRequest {
        OutgoingRequest(
            .post,
            Self.url("/chat/completions", model, endpoint),
            headers: Self.headers(endpoint, accept: isStreamed ? "text/event-stream" : "application/json"),
            body: body
        )
    }

    public func framer(contentType: String, isStreamed: Bool) -> (any AnswerFramer)? {
        self.openAI.framer(contentType: contentType, isStreamed: isStreamed)
    }

    public func translator(for request: ChatRequest, errors: ProviderErrors) -> any AnswerTranslator {
        self.openAI.translator(for: request, errors: errors)
    }

    public func alternative(to request: OutgoingRequest, status: Int, body: [UInt8]) -> OutgoingRequest? {
        self.openAI.alternative(to: request, status: status, body: body)
    }

    /// The models that the resource can have; which of them are deployed, and under what name, is not told here.
    public func modelsRequest(to endpoint: ProviderEndpoint) -> OutgoingRequest? {
        let root = Self.root(endpoint)
        return OutgoingRequest(
            .get,
            root + (Self.isDated(endpoint) ? "/models" : "/v1/models") + endpoint.query,
            headers: Self.key(endpoint) + [("Accept", "application/json")]
        )
    }

    public func models(from body: [UInt8]) throws -> [ModelDescription] { try self.openAI.models(from: body) }

    public func embeddingsRequest(_ request: EmbeddingsRequest, to endpoint: ProviderEndpoint) -> OutgoingRequest {
        OutgoingRequest(
            .post,
            Self.url("/embeddings", request.model, endpoint),
            headers: Self.headers(endpoint, accept: "application/json"),
            body: OpenAIChatDialect.embeddingsBody(request).bytes
        )
    }

    public func embeddings(from body: [UInt8], for request: EmbeddingsRequest) throws -> Embeddings {
        try self.openAI.embeddings(from: body, for: request)
    }

    // MARK: Addresses

    private static func url(_ path: String, _ model: String, _ endpoint: ProviderEndpoint) -> String {
        let root = self.root(endpoint)
        guard self.isDated(endpoint) else { return root + "/v1" + path + endpoint.query }
        let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
        let name = model.addingPercentEncoding(withAllowedCharacters: unreserved) ?? model
        return root + "/deployments/" + name + path + endpoint.query
    }

    /// The address up to and including `/openai`, which may be part of what the user wrote, with the version or not.
    private static func root(_ endpoint: ProviderEndpoint) -> String {
        var base = endpoint.baseURL
        for end in ["/v1", "/openai"] where base.hasSuffix(end) { base.removeLast(end.count) }
        return base + "/openai"
    }

    /// Whether the version is a date, as all are before `v1`.
    private static func isDated(_ endpoint: ProviderEndpoint) -> Bool {
        endpoint.query.dropFirst().split(separator: "&").contains { item in
            item.hasPrefix("api-version=") && item.dropFirst("api-version=".count).first?.isNumber == true
        }
    }

    private static func headers(_ endpoint: ProviderEndpoint, accept: String) -> [(name: String, value: String)] {
        [("Accept", accept), ("Content-Type", "application/json")] + self.key(endpoint)
    }

    private static func key(_ endpoint: ProviderEndpoint) -> [(name: String, value: String)] {
        endpoint.key.map { [(name: "api-key", value: $0.exposed)] } ?? []
    }
}
