/// What a record of the journal is. Destinations say which kinds they take.
public enum JournalKind: UInt8, Sendable, CaseIterable {
    /// A line of the log at `info` or above.
    case log = 1
    /// A line of the log below `info`: the first thing to go when room is short.
    case debugLog = 2
    /// An error report.
    case event = 3
    /// A finished span of a trace.
    case span = 4
    /// A message to the person: something broke, or works again.
    case alert = 5
    /// What tells how many runs of the program ended well.
    case session = 6
    /// A request, a turn or other work with the steps in it: the spans of a trace as one record.
    case transaction = 7
}
