/// Who speaks, for every destination: the same names everywhere, so that logs, errors, metrics and traces can be laid
/// side by side.
public struct ServiceIdentity: Sendable, Hashable {
    /// The program: `cherry`.
    public var service: String
    /// The version that runs: `0.1.0`.
    public var version: String
    /// The part that this process plays: `all`, `api`, `bridge`, `monitor`.
    public var role: String
    /// What the user calls this installation: `production`.
    public var environment: String
    /// Tells processes and machines apart: a name that the user chose or a random one, never the machine's own.
    public var instance: String

    public init(service: String, version: String, role: String, environment: String, instance: String) {
        self.service = service
        self.version = version
        self.role = role
        self.environment = environment
        self.instance = instance
    }

    /// The name of the release in Sentry's form: `cherry@0.1.0`.
    public var release: String { "\(self.service)@\(self.version)" }
}
