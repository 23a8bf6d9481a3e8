import Logging

/// Writes log entries as lines: the time, the level, the label, the metadata in order of their names, the module and the
/// message.
struct LineLog: LogHandler {
    private let label: String
    private let output: LineOutput

    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, output: LineOutput) {
        self.label = label
        self.output = output
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let added = event.metadata {
            if metadata.isEmpty { metadata = added } else { metadata.merge(added) { $1 } }
        }
        if let error = event.error { metadata["error.type"] = "\(type(of: error))" }
        var line = " \(event.level.rawValue) \(self.label):"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " "
            line += key
            line += "="
            if case .string(let text) = value { line += text } else { line += "\(value)" }
        }
        line += " [\(event.source)] "
        line += event.message.description
        line += "\n"
        self.output.write(line, isUrgent: event.level >= .warning)
    }
}
