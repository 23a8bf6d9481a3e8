import Foundation

extension LocalModel {
    /// Settings of the local model.
    public struct Configuration: Sendable, Hashable {
        /// The path of `llama-server`; `nil` when there is none.
        public var server: String?
        /// The path of the model, a GGUF file; `nil` when there is none.
        public var model: String?
        /// Tokens that the model reads and writes together. Memory grows with it.
        public var contextLength: Int
        /// Threads that compute; `nil` takes one for each core.
        public var threads: Int?
        /// How long it runs without being used.
        public var idleTimeout: Duration
        /// From the start to the first sign of health, loading included.
        public var startTimeout: Duration
        /// From asking it to end to ending it by force.
        public var stopGrace: Duration
        /// What happens after it failed.
        public var restart: LocalModelStateMachine.Restart

        /// Creates settings.
        public init(
            server: String?,
            model: String?,
            contextLength: Int = 8192,
            threads: Int? = nil,
            idleTimeout: Duration = .seconds(300),
            startTimeout: Duration = .seconds(120),
            stopGrace: Duration = .seconds(3),
            restart: LocalModelStateMachine.Restart = .init()
        ) {
            self.server = server
            self.model = model
            self.contextLength = contextLength
            self.threads = threads
            self.idleTimeout = idleTimeout
            self.startTimeout = startTimeout
            self.stopGrace = stopGrace
            self.restart = restart
        }

        /// The model's name: the file's, without its ending.
        public var modelName: String? {
            self.model.map { URL(filePath: $0).deletingPathExtension().lastPathComponent }
        }
    }
}
