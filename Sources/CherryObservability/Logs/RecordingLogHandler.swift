import Logging

/// One logger's way to the recorder.
struct RecordingLogHandler: LogHandler {
    private let label: String
    private let recorder: LogRecorder

    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, recorder: LogRecorder) {
        self.label = label
        self.recorder = recorder
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // Later ones count where both have a key.
        let metadata = [self.metadata, self.metadataProvider?.get(), event.metadata]
        self.recorder.record(event, label: self.label, level: self.logLevel, metadata: metadata)
    }
}
