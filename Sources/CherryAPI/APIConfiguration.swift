/// How the interface behaves. Made by the bootstrap; nothing here is read from the environment.
public struct APIConfiguration: Sendable {
    /// Bounds on what one client may ask for.
    public struct Limits: Sendable {
        /// Bytes of an ordinary request's body.
        public var body = 1 << 20
        /// Bytes of an import.
        public var importBody = 256 << 20
        /// How long an ordinary request may take before it is ended.
        public var request: Duration = .seconds(30)
        /// How long reading and writing everything may take: export, import, verify, erase.
        public var longRequest: Duration = .seconds(1800)
        /// Event streams open at once.
        public var streams = 128
        /// Sessions kept; the one unused for longest ends when another begins.
        public var sessions = 64

        /// Creates the usual limits.
        public init() {}
    }

    /// How long sessions last.
    public struct SessionTimes: Sendable {
        /// How long a session may go unused.
        public var idle: Duration = .seconds(12 * 3600)
        /// How long a session lasts at most.
        public var absolute: Duration = .seconds(30 * 86400)

        /// Creates the usual times.
        public init() {}
    }

    /// The program's version, as shown.
    public var version: String
    /// Whether this server itself speaks TLS.
    public var isTLS: Bool
    /// The address that a proxy gives this server, such as `https://cherry.example.org`.
    public var publicURL: String?
    /// Further host names to answer to, besides the loopback ones and that of `publicURL`.
    public var allowedHosts: [String]
    /// The folder with the built web app; `nil` when there is none.
    public var webRoot: String?
    public var limits = Limits()
    public var sessionTimes = SessionTimes()
    /// How often an idle event stream is given a sign of life.
    public var pingInterval: Duration = .seconds(15)

    /// Creates a configuration with the usual limits.
    public init(
        version: String,
        isTLS: Bool = false,
        publicURL: String? = nil,
        allowedHosts: [String] = [],
        webRoot: String? = nil
    ) {
        self.version = version
        self.isTLS = isTLS
        self.publicURL = publicURL
        self.allowedHosts = allowedHosts
        self.webRoot = webRoot
    }

    /// Whether browsers reach this server over TLS, by itself or through a proxy.
    var isSecure: Bool { self.isTLS || self.publicURL?.lowercased().hasPrefix("https://") == true }
}
