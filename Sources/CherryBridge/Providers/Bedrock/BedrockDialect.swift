import CherryCore
public import CherryNet

/// The Converse API of Amazon Bedrock. The address is that of the region's runtime,
/// `https://bedrock-runtime.REGION.amazonaws.com`, or any other with `?region=REGION`.
///
/// The models on offer are not known at this host, so that there is no list of them.
public struct BedrockDialect: ProviderDialect {
    public let name = "Amazon Bedrock"
    public let api = WireAPI.bedrockConverse

    /// Creates the dialect.
    public init() {}

    public func chatRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest {
        try self.chatRequest(
            body: self.body(of: request).bytes,
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
    ) throws -> OutgoingRequest {
        try self.post(
            "/model/\(model.pathSegment)/\(isStreamed ? "converse-stream" : "converse")",
            body,
            accept: isStreamed ? "application/vnd.amazon.eventstream" : "application/json",
            to: endpoint
        )
    }

    public func framer(contentType: String, isStreamed: Bool) -> (any AnswerFramer)? {
        if contentType.contains("eventstream") { return AWSEventStreamFramer() }
        return contentType.names("json") ? WholeAnswerFramer() : nil
    }

    public func translator(for request: ChatRequest, errors: ProviderErrors) -> any AnswerTranslator {
        BedrockTranslator(errors: errors)
    }

    public func tokenCountRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest? {
        let whole = try self.body(of: request)
        var converse: JSONValue = [:]
        for key in ["messages", "system", "toolConfig", "additionalModelRequestFields"] { converse[key] = whole[key] }
        return try self.post(
            "/model/\(request.model.pathSegment)/count-tokens",
            JSONValue.object(["input": ["converse": converse]]).bytes,
            accept: "application/json",
            to: endpoint
        )
    }

    public func tokenCount(from body: [UInt8]) throws -> Int {
        guard let count = try JSONValue(parsing: body)["inputTokens"]?.integer else {
            throw BridgeError.garbled(by: self.name)
        }
        return count
    }

    private func post(
        _ path: String,
        _ body: [UInt8],
        accept: String,
        to endpoint: ProviderEndpoint
    ) throws -> OutgoingRequest {
        let url = endpoint.urlWithoutRegion(path)
        let type = (name: "Content-Type", value: "application/json")
        var headers = [(name: "Accept", value: accept), type]
        switch try endpoint.key.map(BedrockKey.init) {
        case nil: break
        case .bearer(let key): headers.append((name: "Authorization", value: "Bearer \(key.exposed)"))
        case .credentials(let credentials):
            guard let region = endpoint.awsRegion else {
                throw BridgeError(
                    .refused,
                    message: "The address of Amazon Bedrock names no region.",
                    hint: "Enter https://bedrock-runtime.REGION.amazonaws.com, or add ?region=REGION to the address."
                )
            }
            headers += AWSSignature(
                credentials: credentials,
                region: region,
                service: "bedrock",
                date: endpoint.now()
            ).headers(method: "POST", url: url, headers: [type], body: body)
        }
        return OutgoingRequest(.post, url, headers: headers, body: body)
    }
}
