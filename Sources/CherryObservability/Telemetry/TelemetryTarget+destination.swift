public import CherryJournal
public import CherryNet

extension TelemetryTarget {
    /// Whoever is sent what the journal keeps.
    ///
    /// - Throws: `NetError` or `SentryError`, which a checked target does not give.
    public func destination(identity: ServiceIdentity, transport: HTTPTransport) throws -> any JournalDestination {
        switch self.kind {
        case .sentry:
            let dsn = try SentryDSN(self["dsn"] ?? "")
            return SentryDestination(
                dsn,
                version: identity.version,
                // The DSN itself is no address: it begins with the key.
                reach: .entered(dsn.envelopeURL, allowsPrivateAddresses: self.allowsPrivateAddresses),
                transport: transport
            )
        case .otlp:
            return OTLPDestination(
                url: self["url"] ?? "",
                reach: self.reach,
                token: self.secret("token"),
                identity: identity,
                transport: transport
            )
        case .loki:
            return LokiDestination(
                .init(url: self["url"] ?? "", reach: self.reach, credential: self.credential, tenant: self["tenant"]),
                identity: identity,
                transport: transport
            )
        case .elasticsearch:
            return ElasticsearchDestination(
                .init(
                    url: self["url"] ?? "",
                    reach: self.reach,
                    credential: self.credential,
                    stream: self["stream"] ?? "logs-cherry-default"
                ),
                identity: identity,
                transport: transport
            )
        case .fluent:
            let places = try (self["servers"] ?? "").split(separator: " ")
                .map { try SocketPlace(String($0), defaultPort: 24224) }
            return FluentDestination(
                .init(
                    servers: places,
                    // One that is on the internet must not lead into the own network because another one is there.
                    reach: self.allowsPrivateAddresses || places.allSatisfy { $0.reach() == .anywhere }
                        ? .anywhere : .publicOnly,
                    sharedKey: self.secret("sharedKey"),
                    user: self["user"].flatMap { user in self.secret("password").map { (user, $0) } },
                    tag: self["tag"] ?? "cherry.log",
                    mode: self["mode"].flatMap(FluentDestination.Mode.init) ?? .compressed
                ),
                identity: identity
            )
        }
    }

    /// The project that Sentry's reports are for.
    var dsn: SentryDSN? { self["dsn"].flatMap { try? SentryDSN($0) } }  // a checked target has a good one

    private var allowsPrivateAddresses: Bool { self["private"] == "yes" }

    private var reach: EgressReach {
        .entered(self["url"] ?? "", allowsPrivateAddresses: self.allowsPrivateAddresses)
    }

    private var credential: HTTPCredential {
        if let key = self.secret("apiKey") { return .apiKey(key) }
        if let token = self.secret("token") { return .bearer(token) }
        if let user = self["user"], let password = self.secret("password") {
            return .basic(user: user, password: password)
        }
        return .none
    }
}
