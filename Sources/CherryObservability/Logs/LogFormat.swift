/// How lines look on standard error.
public enum LogFormat: String, Sendable, CaseIterable {
    /// For people: the time, the level, the label, the metadata, the module, the message.
    case text
    /// One JSON object on each line, for programs.
    case json
    /// Text on a terminal, JSON elsewhere.
    case auto

    /// The form for one output.
    public func isJSON(onTerminal isTerminal: Bool) -> Bool {
        switch self {
        case .text: false
        case .json: true
        case .auto: !isTerminal
        }
    }
}
