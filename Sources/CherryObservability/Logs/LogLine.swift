public import Logging

/// One line of the log, as every output and destination is given it: nothing in it came from outside as it was.
public struct LogLine: Sendable, Hashable {
    /// A field of the metadata.
    public struct Field: Sendable, Hashable {
        public let key: LogKey
        public let value: LogValue

        init(key: LogKey, value: LogValue) {
            self.key = key
            self.value = value
        }
    }

    public let time: LogTime
    public let level: Logger.Level
    /// The label of the logger: `cherry`.
    public let logger: String
    /// The module that speaks: `CherryAPI`.
    public let module: String
    /// What happened: words of the program, never of a person.
    public let message: String
    /// The part that the process plays: `all`, `api`, `bridge`, `monitor`.
    public let role: String
    /// In the order of their keys, each once.
    public let fields: [Field]

    /// Bytes of a message at most.
    static let messageLimit = 512
    private static let nameLimit = 64

    /// Creates a line. Texts are made harmless and cut to their limits; of several fields with one key the last counts.
    public init(
        time: LogTime,
        level: Logger.Level,
        logger: String,
        module: String,
        message: String,
        role: String,
        fields: [(key: LogKey, value: LogValue)] = []
    ) {
        self.time = time
        self.level = level
        self.logger = LogText.clean(logger, limit: Self.nameLimit)
        self.module = LogText.clean(module, limit: Self.nameLimit)
        self.message = LogText.clean(message, limit: Self.messageLimit)
        self.role = LogText.clean(role, limit: Self.nameLimit)
        self.fields = Self.ordered(fields)
    }

    private static func ordered(_ fields: [(key: LogKey, value: LogValue)]) -> [Field] {
        var ordered: [Field] = []
        ordered.reserveCapacity(fields.count)
        for (key, value) in fields {
            let place = ordered.lastIndex { $0.key <= key }
            if let place, ordered[place].key == key {
                ordered[place] = Field(key: key, value: value)
            } else {
                ordered.insert(Field(key: key, value: value), at: place.map { $0 + 1 } ?? 0)
            }
        }
        return ordered
    }
}
