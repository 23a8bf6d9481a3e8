import Foundation
import HTTPTypes
import Hummingbird

/// The connection broke while a body was read: there is nobody to answer.
struct BrokenBody: Error {
    let underlying: any Error
}

/// Reads a request's body, never more of it than allowed.
struct BodyReader {
    let request: Request
    let limit: Int

    /// How much of a refused body is read and dropped for a client that closes after this request; one that goes on
    /// using its connection has the rest dropped by the server anyway.
    private static let drainLimit = 256 << 20

    /// Collects the body.
    ///
    /// - Throws: `APIError` with code `tooLarge`, before anything is read when the client says the length beforehand.
    func collect() async throws -> ByteBuffer {
        let declared = self.request.headers[.contentLength].flatMap(Int.init) ?? 0
        var isRefused = declared > self.limit
        let drains = self.request.headers[.connection]?.lowercased() == "close"
        var collected = ByteBuffer()
        var dropped = 0
        if isRefused, !drains { throw APIError.tooLarge(limit: self.limit) }
        do {
            for try await part in self.request.body {
                if !isRefused, collected.readableBytes + part.readableBytes <= self.limit {
                    collected.writeImmutableBuffer(part)
                    continue
                }
                isRefused = true
                collected = ByteBuffer()
                dropped += part.readableBytes
                if !drains || dropped > Self.drainLimit { break }
            }
        } catch {
            throw BrokenBody(underlying: error)
        }
        if isRefused { throw APIError.tooLarge(limit: self.limit) }
        return collected
    }
}
