/// One event of a `text/event-stream`.
public struct StreamedEvent: Sendable, Hashable {
    /// The event's name; `message` when the stream gives none.
    public var name: String
    public var data: String
    /// The last id that the stream gave, which holds for later events too.
    public var id: String?
}
