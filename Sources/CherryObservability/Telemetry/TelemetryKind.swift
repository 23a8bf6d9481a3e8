/// Where telemetry can go. The raw values name destinations in settings, commands and the ledger.
public enum TelemetryKind: String, Sendable, CaseIterable {
    case sentry, otlp, loki, elasticsearch, fluent

    /// What the program is called, for a person.
    public var title: String {
        switch self {
        case .sentry: "Sentry"
        case .otlp: "OpenTelemetry"
        case .loki: "Loki"
        case .elasticsearch: "Elasticsearch"
        case .fluent: "Fluentd"
        }
    }

    /// What it is sent, for a person.
    public var takes: String {
        switch self {
        case .sentry: "errors, how runs ended and, where asked for, traces"
        case .otlp: "traces"
        case .loki, .elasticsearch, .fluent: "the log"
        }
    }

    /// What it has to be told.
    public var fields: [TelemetryField] {
        self.ownFields + [
            .init("private", .flag, "Whether its name may stand for an address in your own network (no).")
        ]
    }

    private var ownFields: [TelemetryField] {
        switch self {
        case .sentry:
            [
                .init("dsn", .address, isRequired: true, isSecret: true, "The DSN of a project, from its settings."),
                .init("pages", .flag, "Whether errors of the web app are reported as well (yes)."),
                .init("traces", .share, "The part of traces that it gets as transactions (0)."),
            ]
        case .otlp:
            [
                .init("url", .address, isRequired: true, "The collector, without /v1/traces."),
                .init("token", .word, isSecret: true, "A bearer token, where the collector asks for one."),
                .init("share", .share, "How much of them is kept, from 0 to 1 (1)."),
            ]
        case .loki:
            [
                .init("url", .address, isRequired: true, "Loki's address, without /loki/api."),
                .init("tenant", .word, "The tenant, where there are several."),
            ] + Self.login + [.init("token", .word, isSecret: true, "A bearer token, instead of user and password.")]
        case .elasticsearch:
            [
                .init("url", .address, isRequired: true, "The cluster's address."),
                .init("stream", .word, "The data stream (logs-cherry-default)."),
                .init("apiKey", .word, isSecret: true, "An API key in its encoded form."),
            ] + Self.login
        case .fluent:
            [
                .init(
                    "servers",
                    .places,
                    isRequired: true,
                    "One or more servers with spaces between them; the first that answers is used."
                ),
                .init("sharedKey", .word, isSecret: true, "The shared key of its security section, where it has one."),
                .init("tag", .word, "The tag of events (cherry.log)."),
                .init("mode", .choice(["compressed", "packed", "plain"]), "How events are packed (compressed)."),
            ] + Self.login
        }
    }

    private static let login: [TelemetryField] = [
        .init("user", .word, "A user's name, where it asks for one."),
        .init("password", .word, isSecret: true, "That user's password."),
    ]
}
