import CherryBridge
import CherryCore
import HTTPTypes
import Hummingbird

extension Response {
    /// What every answer of a door carries: it is nobody's to keep, and nothing to be run or framed.
    private static let doorHeaders: HTTPFields = [
        .cacheControl: "no-store", .xContentTypeOptions: "nosniff", .crossOriginResourcePolicy: "same-origin",
    ]
    private static let jsonHeaders = Self.headers(type: "application/json")
    private static let streamHeaders: HTTPFields = {
        var headers = Self.headers(type: "text/event-stream")
        headers[.accelBuffering] = "no"
        return headers
    }()

    private static func headers(type: String) -> HTTPFields {
        var headers = Self.doorHeaders
        headers[.contentType] = type
        return headers
    }

    /// A whole answer.
    static func door(bytes: [UInt8], isStreamed: Bool, headers extra: HTTPFields = [:]) -> Response {
        var headers = isStreamed ? Self.streamHeaders : Self.jsonHeaders
        for field in extra { headers[field.name] = field.value }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A whole answer in JSON.
    static func door(json: JSONValue) -> Response { .door(bytes: json.bytes, isStreamed: false) }

    /// An answer that is still to come.
    static func door(body: ResponseBody, isStreamed: Bool) -> Response {
        Response(status: .ok, headers: isStreamed ? Self.streamHeaders : Self.jsonHeaders, body: body)
    }

    /// A refusal in the door's own words.
    ///
    /// - Parameter rest: what is still to come of a body that was refused; the connection is closed after it.
    static func door(_ refusal: DoorRefusal, rest: RestOfBody? = nil) -> Response {
        var headers = Self.jsonHeaders
        if let wait = refusal.retryAfter {
            headers[.retryAfter] = String(max(1, wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0)))
        }
        let status = HTTPResponse.Status(code: refusal.status)
        let bytes = ByteBuffer(bytes: refusal.body.bytes)
        guard let rest else { return Response(status: status, headers: headers, body: .init(byteBuffer: bytes)) }
        return .closing(status: status, headers: headers, bytes: bytes, after: rest)
    }

    /// An answer to a request whose body was not read to its end. The connection is closed after it.
    static func closing(
        status: HTTPResponse.Status,
        headers: HTTPFields,
        bytes: ByteBuffer,
        after rest: RestOfBody
    ) -> Response {
        var headers = headers
        headers[.connection] = "close"
        let body = ResponseBody(contentLength: bytes.readableBytes) { writer in
            try await writer.write(bytes)
            try await writer.finish(nil)
            await rest.drain()
            throw AnsweredAndDone()
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// Makes the server close the connection; the answer is complete.
    private struct AnsweredAndDone: Error {}
}
