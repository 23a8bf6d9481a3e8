/// Lines of the log from some place on, without an end. For one reader.
public struct LogFollower: AsyncSequence, Sendable {
    public typealias Element = LogTail.Entry

    let backlog: [LogTail.Entry]
    let stream: AsyncStream<LogTail.Entry>
    let filter: LogFilter

    public func makeAsyncIterator() -> Iterator {
        Iterator(backlog: self.backlog[...], iterator: self.stream.makeAsyncIterator(), filter: self.filter)
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var backlog: ArraySlice<LogTail.Entry>
        fileprivate var iterator: AsyncStream<LogTail.Entry>.Iterator
        fileprivate let filter: LogFilter

        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(Never) -> LogTail.Entry? {
            if let entry = self.backlog.popFirst() { return entry }
            while let entry = await self.iterator.next(isolation: actor) {
                if self.filter.matches(entry.line) { return entry }
            }
            return nil
        }
    }
}
