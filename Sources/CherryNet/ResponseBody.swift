package import NIOCore

/// The bytes of an answer, in the pieces in which they arrive. To be read once, by one task at a time.
///
/// Nothing is read from the connection beyond a small buffer until the next piece is asked for. Reading throws
/// `NetError`, or `CancellationError` when the task was cancelled.
public struct ResponseBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    private let reader: Reader

    init(_ exchange: Exchange, host: String) {
        self.reader = Reader(exchange, host: host)
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(reader: self.reader)
    }

    /// Reads what is left, at most `limit` bytes: more is a `NetError` with code `.tooLarge`.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await self.reader.next() {
            guard bytes.count + piece.readableBytes <= limit else { throw NetError.tooLarge(host: self.reader.host) }
            bytes += piece.readableBytesView
        }
        return bytes
    }

    /// Says that nothing more is wanted although the answer may have an end to come, such as the last words of a
    /// protocol. What is left is passed over if it is small and comes within a second, and the connection serves again.
    ///
    /// Dropping the answer closes the connection instead, which is right where the other side should stop.
    public func skipRest() {
        self.reader.skipRest()
    }

    /// Reads the pieces one by one.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let reader: Reader

        public mutating func next() async throws -> [UInt8]? {
            try await self.reader.next().map { Array($0.readableBytesView) }
        }

        /// The next piece in the memory in which it arrived.
        package mutating func nextBuffer() async throws -> ByteBuffer? {
            try await self.reader.next()
        }
    }
}

/// What every copy of a body shares. The last that goes ends the exchange.
private final class Reader: Sendable {
    let host: String
    private let exchange: Exchange

    init(_ exchange: Exchange, host: String) {
        self.exchange = exchange
        self.host = host
    }

    deinit {
        self.exchange.abandon()
    }

    func next() async throws -> ByteBuffer? {
        do {
            return try await self.exchange.piece()
        } catch {
            throw NetError.translate(error, host: self.host)
        }
    }

    func skipRest() {
        self.exchange.drain()
    }
}
