/// Lines of the log from some place on, without an end. For one reader.
public struct LogFollower: AsyncSequence, Sendable {
    public typealias Element = LogTail.Entry

    let backlog: [LogTail.Entry]
    let stream: AsyncStream<LogTail.Entry>

    public func makeAsyncIterator() -> Iterator {
        Iterator(backlog: self.backlog[...], iterator: self.stream.makeAsyncIterator())
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var backlog: ArraySlice<LogTail.Entry>
        fileprivate var iterator: AsyncStream<LogTail.Entry>.Iterator

        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(Never) -> LogTail.Entry? {
            if let entry = self.backlog.popFirst() { return entry }
            return await self.iterator.next(isolation: actor)
        }
    }
}
