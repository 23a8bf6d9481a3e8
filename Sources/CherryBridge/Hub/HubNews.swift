/// Tools that a connection has to be told the news of. Names only: the news are made when they are sent, so a
/// connection that is slow gets the newest, and nothing grows.
struct HubNews: Sendable, Hashable {
    enum Extent: Sendable, Hashable {
        case all
        case some(Set<String>)
    }

    /// More than this many, and the whole list is sent.
    static let limit = 32

    private var extent = Extent.some([])

    var isEmpty: Bool { self.extent == .some([]) }

    mutating func add(_ name: String) {
        guard case .some(var names) = self.extent else { return }
        names.insert(name)
        self.extent = names.count > Self.limit ? .all : .some(names)
    }

    mutating func addAll() { self.extent = .all }

    mutating func clear() { self.extent = .some([]) }

    mutating func take() -> Extent? {
        guard !self.isEmpty else { return nil }
        defer { self.clear() }
        return self.extent
    }
}
