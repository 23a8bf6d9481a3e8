/// What the interface knows of the reports that the web app makes of its own failures. Made by the bootstrap.
public struct TelemetryAccess: Sendable {
    /// The name of the release, as reports carry it: `cherry@0.1.0`.
    public var release: String
    /// What the user calls this installation.
    public var environment: String
    /// Takes an envelope and returns the limits to tell the page of, in the form of `X-Sentry-Rate-Limits`.
    public var receive: @Sendable (_ envelope: [UInt8]) async throws -> String?

    /// Lists what is known.
    public init(
        release: String,
        environment: String,
        receive: @escaping @Sendable (_ envelope: [UInt8]) async throws -> String?
    ) {
        self.release = release
        self.environment = environment
        self.receive = receive
    }
}
