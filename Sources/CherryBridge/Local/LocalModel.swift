import CherryCore
public import CherryNet
public import Logging
public import ServiceLifecycle

/// Runs `llama-server` when it is needed and stops it when it is not.
public final class LocalModel: Service {
    private let configuration: Configuration

    /// Creates the service; nothing is started.
    public init(configuration: Configuration, transport: HTTPTransport, logger: Logger) {
        self.configuration = configuration
    }

    /// How it is doing now.
    public var status: LocalModelStatus { LocalModelStatus(state: .stopped, model: self.configuration.modelName) }

    /// Tokens that the model reads and writes together.
    public var contextLength: Int { self.configuration.contextLength }

    public func run() async throws {
        try await gracefulShutdown()
    }
}
