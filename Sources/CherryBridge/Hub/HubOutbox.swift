/// What waits for one connection, first in, first out.
struct HubOutbox: Sendable {
    /// What an item is, where that matters once it is sent, or if it never is.
    enum Origin: Sendable, Hashable {
        /// The answer to `hello`.
        case welcome
        /// A message with this id of the tool `sender`.
        case message(sender: String, id: String)
        /// The end of a task.
        case result(task: String)
    }

    struct Item: Sendable {
        let bytes: [UInt8]
        var origin: Origin?
    }

    private var items: [Item?] = []
    private var head = 0
    private(set) var bytes = 0

    var count: Int { self.items.count - self.head }
    var isEmpty: Bool { self.count == 0 }

    /// Whether one more fits within the bounds. One item always fits an empty queue.
    func hasRoom(for size: Int, within limits: HubLimits) -> Bool {
        self.isEmpty || (self.count < limits.queuedMessages && self.bytes + size <= limits.queuedBytes)
    }

    mutating func append(_ item: Item) {
        self.items.append(item)
        self.bytes += item.bytes.count
    }

    mutating func takeFirst() -> Item? {
        guard self.head < self.items.count, let item = self.items[self.head] else { return nil }
        self.items[self.head] = nil
        self.head += 1
        self.bytes -= item.bytes.count
        if self.head == self.items.count || self.head >= 256 {
            self.items.removeFirst(self.head)
            self.head = 0
        }
        return item
    }

    /// What has not been sent and matters to somebody.
    var origins: [Origin] { self.items[self.head...].compactMap { $0?.origin } }
}
