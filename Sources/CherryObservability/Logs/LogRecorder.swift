public import CherryJournal
public import Logging
import Synchronization
import Tracing

/// What every logger of the process writes to: the local output, the last lines in memory and, once there is one, the
/// journal.
///
/// Metadata goes through the closed set of `LogKey`. Messages of our own modules are words in the code; what libraries
/// say may hold anything, so it is shown locally, and only when the logger's level is `debug` or below, and everywhere
/// else a fixed message stands for it.
public final class LogRecorder: Sendable {
    /// Loggers with this label write about the journal itself: in it, each line would make the next.
    public static let journalLabel = "cherry.journal"
    /// Stands for what a library said.
    static let libraryMessage = "A library reported something."

    private struct State {
        var sink: (@Sendable (JournalEntry) -> Void)?
        var droppedFields = 0
    }

    /// The last lines.
    public let tail: LogTail
    private let output: LineOutput
    private let isJSON: Bool
    private let role: String
    private let now: @Sendable () -> LogTime
    private let state = Mutex(State())

    /// - Parameters:
    ///   - isJSON: the form on `output`.
    ///   - role: the part that this process plays.
    public init(
        output: LineOutput,
        isJSON: Bool,
        role: String,
        tail: LogTail = LogTail(),
        now: @escaping @Sendable () -> LogTime = { .now }
    ) {
        self.output = output
        self.isJSON = isJSON
        self.role = role
        self.tail = tail
        self.now = now
    }

    /// Fields that were left out so far, because their key is unknown or their value broke its rule.
    public var droppedFields: Int { self.state.withLock { $0.droppedFields } }

    /// From now on every line is handed to `sink` as well, on the thread that logs.
    public func forward(to sink: @escaping @Sendable (JournalEntry) -> Void) {
        self.state.withLock { $0.sink = sink }
    }

    /// Lines are no longer handed on.
    public func stopForwarding() { self.state.withLock { $0.sink = nil } }

    /// Writes what the output has gathered.
    public func flush() { self.output.flush() }

    /// A handler for one logger.
    public func handler(label: String) -> some LogHandler { RecordingLogHandler(label: label, recorder: self) }

    func record(_ event: LogEvent, label: String, level: Logger.Level, metadata sources: [Logger.Metadata?]) {
        var fields: [(key: LogKey, value: LogValue)] = []
        var dropped = 0
        for metadata in sources {
            for (name, value) in metadata ?? [:] {
                guard let key = LogKey(key: name), let value = Self.value(value, key.rule) else {
                    dropped += 1
                    continue
                }
                fields.append((key, value))
            }
        }
        if let trace = InstrumentationContext.current?.trace {
            fields.append((.traceID, .text("\(trace.trace)")))
            fields.append((.spanID, .text("\(trace.span)")))
        }
        if let error = event.error, let type = LogKey.errorType.rule.value("\(type(of: error))") {
            fields.append((.errorType, type))
        }
        let isOwn = event.source.hasPrefix("Cherry") || event.source == "cherry"
        let line = { (message: String) in
            LogLine(
                time: self.now(),
                level: event.level,
                logger: label,
                module: event.source,
                message: message,
                role: self.role,
                fields: fields
            )
        }
        let kept = line(isOwn ? event.message.description : Self.libraryMessage)
        let shown = isOwn || level > .debug ? nil : line(event.message.description)
        let sink = self.state.withLock { state in
            state.droppedFields += dropped
            return label == Self.journalLabel ? nil : state.sink
        }
        let json = self.isJSON || sink != nil ? kept.json : []
        let isUrgent = event.level >= .warning
        if self.isJSON {
            self.output.write(shown?.json ?? json, at: nil, isUrgent: isUrgent)
        } else {
            self.output.write((shown ?? kept).readable, at: kept.time, isUrgent: isUrgent)
        }
        self.tail.append(kept)
        sink?(JournalEntry(kind: event.level < .info ? .debugLog : .log, at: kept.time.timestamp, payload: json))
    }

    private static func value(_ value: Logger.MetadataValue, _ rule: LogValueRule) -> LogValue? {
        switch value {
        case .string(let text): rule.value(text)
        case .stringConvertible(let value): rule.value(value.description)
        case .array, .dictionary: nil
        }
    }
}
