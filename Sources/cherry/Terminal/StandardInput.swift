import Foundation

/// Standard input as it comes, read on a thread of its own so that nothing else waits for it.
enum StandardInput {
    private static let size = 64 * 1024

    /// The bytes in the pieces in which they come, until the end. Nothing more is read than the reader has taken.
    static func pieces() -> Pieces { Pieces() }

    struct Pieces: AsyncSequence, Sendable {
        typealias Element = [UInt8]
        typealias Failure = Never

        private let stream: AsyncStream<[UInt8]>
        private let taken: DispatchSemaphore

        fileprivate init() {
            let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingOldest(1))
            // One that is made with room for the first piece may not be let go of without it.
            let taken = DispatchSemaphore(value: 0)
            taken.signal()
            self.stream = stream
            self.taken = taken
            Thread.detachNewThread {
                var buffer = [UInt8](repeating: 0, count: StandardInput.size)
                while true {
                    taken.wait()
                    let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
                    if count < 0, errno == EINTR {
                        taken.signal()
                        continue
                    }
                    guard count > 0 else { break }
                    continuation.yield(Array(buffer[..<count]))
                }
                continuation.finish()
            }
        }

        func makeAsyncIterator() -> Iterator {
            Iterator(base: self.stream.makeAsyncIterator(), taken: self.taken)
        }

        struct Iterator: AsyncIteratorProtocol {
            fileprivate var base: AsyncStream<[UInt8]>.Iterator
            fileprivate let taken: DispatchSemaphore

            mutating func next() async -> [UInt8]? { await self.next(isolation: #isolation) }

            mutating func next(isolation actor: isolated (any Actor)?) async -> [UInt8]? {
                let piece = await self.base.next(isolation: actor)
                if piece != nil { self.taken.signal() }
                return piece
            }
        }
    }
}
