import Foundation
import HTTPTypes
import Hummingbird

/// How answers are written.
enum JSON {
    /// Encodes one of the interface's own types, which always can be: they hold finite numbers and string keys only.
    static func encode(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(value)
        } catch {
            fatalError("an answer of type \(type(of: value)) cannot be encoded")
        }
    }
}

extension Response {
    /// An answer in JSON.
    static func json(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        .json(data: JSON.encode(value), status: status, headers: headers)
    }

    /// An answer whose JSON is made already.
    static func json(
        data: Data,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }

    /// An answer that says only that it is done.
    static func noContent(headers: HTTPFields = [:]) -> Response {
        Response(status: .noContent, headers: headers)
    }
}
