public import CherryCore

/// What the process knows about itself for the status page. Carries no content of the user's.
public struct SystemInformation: Sendable {
    /// The built-in model and its server.
    public struct LocalModel: Sendable, Encodable {
        /// What it is doing.
        public enum State: String, Sendable, Encodable, CaseIterable {
            case missing, stopped, starting, ready, failed
        }

        public var state: State
        /// The model's name, when it is installed.
        public var model: String?
        /// What is wrong or going on, in words.
        public var detail: String?
        /// What to do about it.
        public var hint: String?

        /// Describes the built-in model.
        public init(state: State, model: String? = nil, detail: String? = nil, hint: String? = nil) {
            self.state = state
            self.model = model
            self.detail = detail
            self.hint = hint
        }
    }

    /// What the last check of all records said.
    public struct Integrity: Sendable, Equatable, Encodable {
        /// How far the check came.
        public enum State: String, Sendable, Encodable, CaseIterable {
            case unchecked, checking, sound, tampered
        }

        public var state: State
        /// Which record is not the one that was written, in words; only when `tampered`.
        public var detail: String?

        /// Describes the last check.
        public init(state: State, detail: String? = nil) {
            self.state = state
            self.detail = detail
        }
    }

    /// Which parts this process runs, such as `all`.
    public var role: String
    public var startedAt: Timestamp
    /// The engine that keeps the records, such as `sqlite`.
    public var storeEngine: String
    public var integrity: Integrity
    /// Resident memory of this process.
    public var memoryBytes: Int64
    public var localModel: LocalModel

    /// Describes the process.
    public init(
        role: String,
        startedAt: Timestamp,
        storeEngine: String,
        integrity: Integrity,
        memoryBytes: Int64,
        localModel: LocalModel
    ) {
        self.role = role
        self.startedAt = startedAt
        self.storeEngine = storeEngine
        self.integrity = integrity
        self.memoryBytes = memoryBytes
        self.localModel = localModel
    }
}
