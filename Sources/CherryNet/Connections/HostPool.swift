import NIOCore

/// The connections to one place: those at rest and the queue for them. Pure; the caller opens, closes and tells.
///
/// A request gets the connection that rested last, or opens one while there are fewer than the limit, or waits its turn.
/// Nobody waits while a connection rests or may be opened.
struct HostPool<Connection: AnyObject, Waiter> {
    enum Grant {
        case use(Connection)
        /// Open one. `closing` makes room for it.
        case open(closing: Connection?)
    }

    /// What becomes of a connection that has served.
    enum Release {
        case serve(Waiter)
        case rest
        /// Enough of them rest.
        case close
    }

    private let limit: Int
    private let restingLimit: Int
    private var resting: [Connection] = []
    private var waiters = CircularBuffer<(id: UInt64, waiter: Waiter)>()
    /// Connections that rest, serve or are being opened.
    private(set) var count = 0

    /// - Parameters:
    ///   - limit: how many there are at most.
    ///   - restingLimit: how many are kept for later.
    init(limit: Int, restingLimit: Int = .max) {
        self.limit = max(1, limit)
        self.restingLimit = max(1, restingLimit)
    }

    /// Whether nothing is left to be remembered.
    var isEmpty: Bool { self.count == 0 && self.waiters.isEmpty }

    /// Asks for a connection; `nil` means to wait.
    ///
    /// - Parameters:
    ///   - mayReuse: false asks for one that has not served yet.
    ///   - prefers: picks among those at rest.
    ///   - opensRather: opens one, while there are fewer than the limit, where none at rest is preferred.
    mutating func acquire(
        mayReuse: Bool,
        prefers: ((Connection) -> Bool)? = nil,
        opensRather: Bool = false
    ) -> Grant? {
        let mayOpen = self.count < self.limit
        if mayReuse, !self.resting.isEmpty {
            let preferred = prefers.flatMap { self.resting.lastIndex(where: $0) }
            if preferred != nil || !opensRather || !mayOpen {
                return .use(self.resting.remove(at: preferred ?? self.resting.count - 1))
            }
        }
        if mayOpen {
            self.count += 1
            return .open(closing: nil)
        }
        guard !self.resting.isEmpty else { return nil }
        // Over the limit until the old one is closed.
        self.count += 1
        return .open(closing: self.resting.removeFirst())
    }

    /// Waits in line.
    mutating func wait(_ waiter: Waiter, id: UInt64) {
        self.waiters.append((id, waiter))
    }

    /// Takes a waiter out of the line; `nil` when it has been served.
    mutating func leave(id: UInt64) -> Waiter? {
        guard let index = self.waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return self.waiters.remove(at: index).waiter
    }

    /// A connection has served.
    mutating func release(_ connection: Connection) -> Release {
        if let next = self.waiters.popFirst() { return .serve(next.waiter) }
        guard self.resting.count < self.restingLimit else { return .close }
        self.resting.append(connection)
        return .rest
    }

    /// A connection at rest is to be closed.
    ///
    /// - Returns: false when it has been given out in the meantime.
    mutating func retire(_ connection: Connection) -> Bool {
        guard let index = self.resting.firstIndex(where: { $0 === connection }) else { return false }
        self.resting.remove(at: index)
        return true
    }

    /// A connection is gone, or could not be opened. Returns the waiter who may open one in its place.
    mutating func vacate() -> Waiter? {
        if self.count <= self.limit, let next = self.waiters.popFirst() { return next.waiter }
        self.count -= 1
        return nil
    }

    /// Everybody who waits, and no longer does.
    mutating func disband() -> [Waiter] {
        defer { self.waiters.removeAll() }
        return self.waiters.map(\.waiter)
    }
}
