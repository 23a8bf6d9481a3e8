import AsyncHTTPClient
import NIOCore

/// The bytes of an answer, in the pieces in which they arrive. To be read once.
///
/// Nothing is read from the connection beyond a small buffer until the next piece is asked for. Reading throws
/// `NetError`, or `CancellationError` when the task was cancelled.
public struct ResponseBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    private let base: HTTPClientResponse.Body
    /// The client, which must not be shut down while its answer is read.
    private let client: any Sendable
    private let host: String
    private let limits: HTTPTransport.Limits
    private let end: ContinuousClock.Instant

    init(
        _ base: HTTPClientResponse.Body,
        keeping client: any Sendable,
        host: String,
        limits: HTTPTransport.Limits,
        end: ContinuousClock.Instant
    ) {
        self.base = base
        self.client = client
        self.host = host
        self.limits = limits
        self.end = end
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(
            source: Source(self.base.makeAsyncIterator(), keeping: self.client),
            host: self.host,
            limits: self.limits,
            end: self.end
        )
    }

    /// Reads what is left, at most `limit` bytes: more is a `NetError` with code `.tooLarge`.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in self {
            bytes += piece
            guard bytes.count <= limit else { throw NetError.tooLarge(host: self.host) }
        }
        return bytes
    }

    /// Reads the pieces one by one.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: Source
        fileprivate let host: String
        fileprivate let limits: HTTPTransport.Limits
        fileprivate let end: ContinuousClock.Instant
        private var received = 0

        fileprivate init(
            source: Source,
            host: String,
            limits: HTTPTransport.Limits,
            end: ContinuousClock.Instant
        ) {
            self.source = source
            self.host = host
            self.limits = limits
            self.end = end
        }

        public mutating func next() async throws -> [UInt8]? {
            let left = ContinuousClock.now.duration(to: self.end)
            let isLast = left <= self.limits.gap
            let piece: [UInt8]?
            do {
                piece = try await self.source.next(within: isLast ? left : self.limits.gap)
            } catch is Elapsed {
                throw isLast ? NetError.tookTooLong(host: self.host) : NetError.stalled(host: self.host)
            } catch {
                throw NetError.translate(error, host: self.host, phase: .withinAnswer)
            }
            // A cancelled read ends like a finished one; what was asked for is an error.
            try Task.checkCancellation()
            self.received += piece?.count ?? 0
            guard self.received <= self.limits.size else { throw NetError.tooLarge(host: self.host) }
            return piece
        }
    }
}

/// The time for one read has passed.
private struct Elapsed: Error {}

/// Reads from the client with a time limit for each piece.
// Sendable although the iterator is not: `next` is called by one task at a time, and hands it to one child that it awaits.
private final class Source: @unchecked Sendable {
    private var iterator: HTTPClientResponse.Body.AsyncIterator
    private let client: any Sendable

    init(_ iterator: HTTPClientResponse.Body.AsyncIterator, keeping client: any Sendable) {
        self.iterator = iterator
        self.client = client
    }

    func next(within patience: Duration) async throws -> [UInt8]? {
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await self.read() }
            group.addTask {
                try await Task.sleep(for: patience, clock: .continuous)
                throw Elapsed()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func read() async throws -> [UInt8]? {
        guard let buffer = try await self.iterator.next() else { return nil }
        return Array(buffer.readableBytesView)
    }
}
