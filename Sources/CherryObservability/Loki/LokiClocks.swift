/// The clocks of all streams. There are so few that looking through them is quicker than hashing.
struct LokiClocks: Sendable {
    private var clocks: [(stream: LokiEntry.Stream, clock: LokiStreamClock)] = []

    /// The clock of a stream, a new one at first.
    subscript(_ stream: LokiEntry.Stream) -> LokiStreamClock {
        get { self.clocks.first { $0.stream == stream }?.clock ?? LokiStreamClock() }
        _modify {
            let place = self.place(of: stream)
            yield &self.clocks[place].clock
        }
    }

    private mutating func place(of stream: LokiEntry.Stream) -> Int {
        if let place = self.clocks.firstIndex(where: { $0.stream == stream }) { return place }
        self.clocks.append((stream, LokiStreamClock()))
        return self.clocks.count - 1
    }
}
