import CherryCore
import Crypto

/// What a server says about how it takes files: in pieces of a size, each named by its SHA-1.
struct ChunkUpload: Sendable, Hashable {
    struct Chunk: Sendable, Hashable {
        /// SHA-1, in hexadecimal digits. The protocol's choice; nothing is kept safe by it.
        let name: String
        let range: Range<Int>
    }

    /// Where pieces are posted: an address, or a path on the same server.
    let url: String
    /// Bytes of a piece.
    let chunkSize: Int
    /// Bytes of the pieces of one request.
    let requestSize: Int
    let chunksPerRequest: Int

    private static let sizes = 1024...(64 << 20)

    /// Reads the answer to `GET …/chunk-upload/`.
    ///
    /// - Throws: `SentryError` with code `.uploadRefused`.
    init(reading bytes: [UInt8]) throws(SentryError) {
        guard let json = try? JSONValue(parsing: bytes),  // whatever it is, it is no such answer
            let url = json["url"]?.string, let chunkSize = json["chunkSize"]?.integer,
            Self.sizes.contains(chunkSize),
            let perRequest = json["chunksPerRequest"]?.integer, perRequest > 0,
            json["hashAlgorithm"]?.string ?? "sha1" == "sha1"
        else {
            throw SentryError(
                .uploadRefused,
                "The server does not say how it takes files.",
                hint: "Is the address that of a Sentry server, without /api?"
            )
        }
        let accepts = (json["accept"]?.array ?? []).compactMap(\.string)
        guard accepts.contains(where: { $0.hasPrefix("artifact_bundles") }) else {
            throw SentryError(.uploadRefused, "The server does not take source maps with debug ids.")
        }
        self.url = url
        self.chunkSize = chunkSize
        self.requestSize = max(chunkSize, json["maxRequestSize"]?.integer ?? chunkSize)
        self.chunksPerRequest = perRequest
    }

    /// Cuts a file into pieces.
    func chunks(of bytes: [UInt8]) -> [Chunk] {
        stride(from: 0, to: bytes.count, by: self.chunkSize).map { start in
            let range = start..<min(start + self.chunkSize, bytes.count)
            return Chunk(name: Self.sha1(bytes[range]), range: range)
        }
    }

    /// Puts pieces into requests.
    func requests(_ chunks: [Chunk]) -> [[Chunk]] {
        var requests: [[Chunk]] = []
        var size = 0
        for chunk in chunks {
            if let last = requests.last, last.count < self.chunksPerRequest,
                size + chunk.range.count <= self.requestSize
            {
                requests[requests.count - 1].append(chunk)
                size += chunk.range.count
            } else {
                requests.append([chunk])
                size = chunk.range.count
            }
        }
        return requests
    }

    static func sha1(_ bytes: some Sequence<UInt8>) -> String {
        Insecure.SHA1.hash(data: Array(bytes)).hexadecimal
    }

    /// A `multipart/form-data` body (RFC 7578) with a part for each piece.
    static func form(_ chunks: [Chunk], of bytes: [UInt8], boundary: String) -> [UInt8] {
        var body: [UInt8] = []
        for chunk in chunks {
            let head = """
                --\(boundary)\r
                Content-Disposition: form-data; name="file"; filename="\(chunk.name)"\r
                Content-Type: application/octet-stream\r
                \r

                """
            body += head.utf8
            body += bytes[chunk.range]
            body += "\r\n".utf8
        }
        body += "--\(boundary)--\r\n".utf8
        return body
    }
}
