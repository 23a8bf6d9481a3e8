/// A server of the Model Context Protocol whose tools the user lets models call. Its credential is a `StoredSecret` with
/// the same id, never part of this record.
public struct ToolServer: Codable, Sendable, Hashable {
    /// How it is reached.
    public enum Endpoint: Codable, Sendable, Hashable {
        /// Started by this program and spoken with over its standard streams.
        ///
        /// `environment` names the variables of this program's environment that it gets to see; `credential` names the
        /// one in which it gets its credential.
        case command(program: String, arguments: [String], environment: [String], credential: String?)
        /// Reached over HTTP, with its credential as a bearer token.
        case http(url: String)
    }

    /// Whether a tool may be called.
    public enum Permission: String, Codable, Sendable, CaseIterable {
        /// The user is asked each time.
        case ask
        /// Without asking, except for a tool that may change something once words of others have come into the turn.
        case always
        /// Not offered to models at all.
        case never
    }

    /// What the user says of one tool.
    public struct Rule: Codable, Sendable, Hashable {
        public var permission: Permission
        /// Whether it changes nothing and tells nobody anything, in the user's judgement; `nil` leaves it to the server's
        /// word, which counts only when the server is trusted.
        public var isReadOnly: Bool?

        /// States a rule.
        public init(permission: Permission, isReadOnly: Bool? = nil) {
            self.permission = permission
            self.isReadOnly = isReadOnly
        }
    }

    public let id: RecordID
    public var name: String
    public var endpoint: Endpoint
    /// For tools without a rule of their own.
    public var permission: Permission
    /// By the tool's name.
    public var rules: [String: Rule]
    /// Whether what the server says of its tools, such as that one changes nothing, is believed.
    public var isTrusted: Bool
    /// How long a call may take.
    public var timeoutSeconds: Int
    /// Whether it may be on this machine or in the local network; for servers reached over HTTP.
    public var allowsPrivateAddresses: Bool
    public var isEnabled: Bool
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    /// Variables that most programs need to start.
    public static let usualEnvironment = ["HOME", "LANG", "PATH"]

    /// Creates a server whose tools are asked for each time.
    public init(id: RecordID = .make(), name: String, endpoint: Endpoint, createdAt: Timestamp = .now) {
        self.id = id
        self.name = name
        self.endpoint = endpoint
        self.permission = .ask
        self.rules = [:]
        self.isTrusted = false
        self.timeoutSeconds = 60
        self.allowsPrivateAddresses = false
        self.isEnabled = true
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }

    /// The permission of a tool.
    public func permission(of tool: String) -> Permission { self.rules[tool]?.permission ?? self.permission }

    /// Whether a tool counts as changing nothing.
    ///
    /// - Parameter hint: what the server says of it.
    public func isReadOnly(_ tool: String, hint: Bool) -> Bool {
        self.rules[tool]?.isReadOnly ?? (self.isTrusted && hint)
    }
}
