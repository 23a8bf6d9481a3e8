import HTTPTypes
import Hummingbird

/// Reads a request's body, never more of it than allowed.
struct BodyReader {
    let request: Request
    let limit: Int

    /// Whether the client says beforehand that the body is too long.
    var isRefusedByLength: Bool {
        (self.request.headers[.contentLength].flatMap(Int.init) ?? 0) > self.limit
    }

    /// Collects the body.
    ///
    /// - Throws: `APIError` with code `tooLarge` as soon as that is known, before anything is read when the client says
    ///   the length beforehand.
    func collect() async throws -> ByteBuffer {
        var iterator = self.request.body.makeAsyncIterator()
        if self.isRefusedByLength { throw self.refusal(RestOfBody(iterator)) }
        var collected = ByteBuffer()
        while true {
            let part: ByteBuffer?
            do {
                part = try await iterator.next()
            } catch {
                throw BrokenBody(underlying: error)
            }
            guard let part else { return collected }
            guard collected.readableBytes + part.readableBytes <= self.limit else {
                throw self.refusal(RestOfBody(iterator))
            }
            collected.writeImmutableBuffer(part)
        }
    }

    private func refusal(_ rest: RestOfBody) -> APIError {
        var error = APIError(.contentTooLarge, "tooLarge", "The request is larger than \(self.limit) bytes.")
        error.rest = rest
        return error
    }
}
