public import CherryObservability
public import Configuration
import Foundation
import Logging

/// Everything that a person can set, read once at start. No secret is among it: keys and passphrases never come from
/// the environment or a file of settings.
public struct Settings: Sendable {
    /// Where the vault and the database live. `CHERRY_DATA`
    public var dataDirectory: String
    /// The address to listen on. `CHERRY_HOST`
    public var host: String
    /// The port to listen on; 0 lets the system choose. `CHERRY_PORT`
    public var port: Int
    /// The address that browsers use when a proxy stands before the server. `CHERRY_PUBLIC_URL`
    public var publicURL: String?
    /// The built web app. `CHERRY_WEB_ROOT`
    public var webRoot: String?
    /// The `llama-server` program. `CHERRY_LOCAL_SERVER`
    public var localServer: String?
    /// The local model, a GGUF file. `CHERRY_LOCAL_MODEL`
    public var localModel: String?
    /// Tokens that the local model reads and writes together. `CHERRY_LOCAL_CONTEXT`
    public var localContext: Int
    /// How long an unused local model stays in memory. `CHERRY_LOCAL_IDLE_MINUTES`
    public var localIdle: Duration
    /// The key file of the machine slot; unlocks at start when the vault has such a slot. `CHERRY_KEY_FILE`
    public var keyFile: String?
    /// The operations key, which seals the journal; made when it is missing. `CHERRY_OPERATIONS_KEY_FILE`
    public var operationsKeyFile: String
    /// A directory of systemd credentials, as `$CREDENTIALS_DIRECTORY` names it.
    public var credentialsDirectory: String?
    /// PEM files for TLS; both or neither. `CHERRY_TLS_CERTIFICATE`, `CHERRY_TLS_KEY`
    public var tlsCertificate: String?
    public var tlsKey: String?
    /// The least severe level to log. `CHERRY_LOG_LEVEL`
    public var logLevel: String
    /// How lines of the log look. `CHERRY_LOG_FORMAT`
    public var logFormat: LogFormat

    /// Where figures are served for Prometheus, such as `127.0.0.1:9464`; `nil` for nowhere. `CHERRY_METRICS_ADDRESS`
    public var metricsAddress: ListenAddress?
    /// A file of mode 0600 with the token that scrapers show, instead of the one that `cherry metrics token` makes.
    /// `CHERRY_METRICS_TOKEN_FILE`
    public var metricsTokenFile: String?

    /// Reads settings, each under `cherry.`, with the defaults of `docs/settings.md`.
    ///
    /// - Throws: `SettingsError` that names the setting and what is wrong with it.
    public init(from reader: ConfigReader) throws {
        let cherry = reader.scoped(to: "cherry")
        let home = reader.string(forKey: "home") ?? FileManager.default.currentDirectoryPath
        let dataHome = reader.string(forKey: "xdg.data.home") ?? "\(home)/.local/share"
        self.dataDirectory = cherry.string(forKey: "data") ?? "\(dataHome)/cherry"
        self.host = cherry.string(forKey: "host") ?? "127.0.0.1"
        self.port = try Self.number("port", in: cherry, range: 0...65535) ?? 8000
        self.publicURL = cherry.string(forKey: "public.url")
        self.webRoot = cherry.string(forKey: "web.root")
        self.localServer = cherry.string(forKey: "local.server")
        self.localModel = cherry.string(forKey: "local.model")
        self.localContext = try Self.number("local.context", in: cherry, range: 512...1_048_576) ?? 4096
        self.localIdle = .seconds(60 * (try Self.number("local.idle.minutes", in: cherry, range: 1...1440) ?? 5))
        self.keyFile = cherry.string(forKey: "key.file")
        let configHome = reader.string(forKey: "xdg.config.home") ?? "\(home)/.config"
        self.operationsKeyFile =
            cherry.string(forKey: "operations.key.file") ?? "\(configHome)/cherry/operations.key"
        self.credentialsDirectory = reader.string(forKey: "credentials.directory")
        self.tlsCertificate = cherry.string(forKey: "tls.certificate")
        self.tlsKey = cherry.string(forKey: "tls.key")
        self.logLevel = cherry.string(forKey: "log.level") ?? "info"
        self.logFormat = try Self.logFormat(cherry.string(forKey: "log.format"))
        self.metricsAddress = try cherry.string(forKey: "metrics.address").map(ListenAddress.init)
        self.metricsTokenFile = cherry.string(forKey: "metrics.token.file")
        try self.check()
    }

    /// Reads settings from the environment and, below it, from `config.json` in the user's configuration directory.
    ///
    /// - Throws: `SettingsError`, also for a file that is there but cannot be read.
    public static func load() async throws -> Settings {
        let environment = EnvironmentVariablesProvider()
        let bootstrap = ConfigReader(provider: environment)
        let home = bootstrap.string(forKey: "home") ?? FileManager.default.currentDirectoryPath
        let configHome = bootstrap.string(forKey: "xdg.config.home") ?? "\(home)/.config"
        let path = bootstrap.string(forKey: "cherry.config") ?? "\(configHome)/cherry/config.json"
        var providers: [any ConfigProvider] = [environment]
        if FileManager.default.fileExists(atPath: path) {
            do {
                let place = ConfigReader(
                    provider: InMemoryProvider(values: ["filePath": .init(.string(path), isSecret: false)])
                )
                providers.append(try await FileProvider<JSONSnapshot>(config: place).prefixKeys(with: "cherry"))
            } catch {
                throw SettingsError(
                    setting: path,
                    message: "The settings file cannot be read: \(path).",
                    hint: "Check that it is valid JSON and readable, or move it away."
                )
            }
        }
        return try Settings(from: ConfigReader(providers: providers))
    }

    private static func number(_ key: ConfigKey, in reader: ConfigReader, range: ClosedRange<Int>) throws -> Int? {
        guard let text = reader.string(forKey: key) ?? reader.int(forKey: key).map(String.init) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            let name = "CHERRY_" + key.components.joined(separator: "_").uppercased()
            throw SettingsError(
                setting: name,
                message:
                    "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not “\(text)”.",
                hint: "Correct it, or leave it out for the default."
            )
        }
        return value
    }

    private static func logFormat(_ text: String?) throws -> LogFormat {
        guard let text else { return .text }
        guard let format = LogFormat(rawValue: text) else {
            throw SettingsError(
                setting: "CHERRY_LOG_FORMAT",
                message:
                    "CHERRY_LOG_FORMAT must be one of: \(LogFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
                hint: "Correct it, or leave it out for text."
            )
        }
        return format
    }

    private func check() throws {
        if (self.tlsCertificate == nil) != (self.tlsKey == nil) {
            throw SettingsError(
                setting: "CHERRY_TLS_KEY",
                message: "TLS needs a certificate and its key; only one of them is set.",
                hint: "Set CHERRY_TLS_CERTIFICATE and CHERRY_TLS_KEY, or neither."
            )
        }
        if Logger.Level(rawValue: self.logLevel) == nil {
            throw SettingsError(
                setting: "CHERRY_LOG_LEVEL",
                message:
                    "CHERRY_LOG_LEVEL must be one of: \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")).",
                hint: "Correct it, or leave it out for info."
            )
        }
        if let url = self.publicURL {
            guard
                let parts = URLComponents(string: url), let scheme = parts.scheme,
                ["http", "https"].contains(scheme), parts.host?.isEmpty == false,
                parts.path.isEmpty || parts.path == "/", parts.query == nil
            else {
                throw SettingsError(
                    setting: "CHERRY_PUBLIC_URL",
                    message: "CHERRY_PUBLIC_URL must look like https://cherry.example.org.",
                    hint: "Give scheme and host, and a port if it is not the usual one."
                )
            }
        }
    }
}
