/// Answers scrapers: what was asked and shown, to status, headers and bytes. Knows no socket.
public struct MetricsResponder: Sendable {
    /// An answer.
    public struct Response: Sendable, Hashable {
        public let status: Int
        /// In lower case.
        public let headers: [String: String]
        public let body: [UInt8]
    }

    private let registry: MetricRegistry
    private let token: @Sendable () -> ScrapeToken?

    /// - Parameter token: what must be shown, as it stands now; while there is none, nobody is answered.
    public init(_ registry: MetricRegistry, token: @escaping @Sendable () -> ScrapeToken?) {
        self.registry = registry
        self.token = token
    }

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - path: without the query.
    ///   - accept: the `Accept` headers, joined by commas.
    ///   - authorization: the only `Authorization` header.
    public func respond(method: String, path: String, accept: String?, authorization: String?) -> Response {
        // First, so that nothing can be learnt without the token.
        guard let token = self.token(), token.admits(authorization) else {
            return Self.refusal(401, "A scraper's token is missing or wrong.", ["www-authenticate": "Bearer"])
        }
        guard path == "/metrics" else { return Self.refusal(404, "There is only /metrics.", [:]) }
        guard method == "GET" || method == "HEAD" else {
            return Self.refusal(405, "Figures can only be read.", ["allow": "GET, HEAD"])
        }
        let format = ExpositionFormat(accepting: accept)
        let body = self.registry.render(format)
        return Response(
            status: 200,
            headers: [
                "content-type": format.contentType, "cache-control": "no-store", "vary": "Accept",
                "content-length": String(body.count),
            ],
            body: method == "HEAD" ? [] : body
        )
    }

    private static func refusal(_ status: Int, _ text: String, _ headers: [String: String]) -> Response {
        let body = Array("\(text)\n".utf8)
        var headers = headers
        headers["content-type"] = "text/plain; charset=utf-8"
        headers["content-length"] = String(body.count)
        headers["cache-control"] = "no-store"
        return Response(status: status, headers: headers, body: body)
    }
}

extension MetricRegistry {
    /// Everything as it stands now.
    public func render(_ format: ExpositionFormat) -> [UInt8] {
        switch format {
        case .text: TextExposition.render(self.snapshot(withNative: false), asOpenMetrics: false)
        case .openMetrics: TextExposition.render(self.snapshot(withNative: false), asOpenMetrics: true)
        case .protobuf: ProtobufExposition.render(self.snapshot(withNative: true))
        }
    }
}
