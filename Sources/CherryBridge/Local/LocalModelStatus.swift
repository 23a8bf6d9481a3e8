/// How the local model is doing, in the form that the status page shows.
public struct LocalModelStatus: Sendable, Hashable, Codable {
    /// Where it stands.
    public enum State: String, Sendable, Hashable, Codable {
        /// The server or the model file is not there; `detail` says which.
        case missing
        /// Not running; starts when it is needed.
        case stopped
        /// Started and loading, or waiting for its next try after a failure.
        case starting
        /// Answering.
        case ready
        /// Gave up after several tries; `detail` says why. It tries again when it is needed a while later.
        case failed
    }

    public var state: State
    /// The model's name.
    public var model: String?
    /// The reason for `missing` or `failed`, without anything that the user wrote.
    public var detail: String?
    /// What mends it.
    public var hint: String?

    /// Creates a status.
    public init(state: State, model: String? = nil, detail: String? = nil, hint: String? = nil) {
        self.state = state
        self.model = model
        self.detail = detail
        self.hint = hint
    }
}
