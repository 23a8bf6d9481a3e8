import CherryBridge
import CherryCore
import HTTPTypes
import Hummingbird

/// A request that is not served: an HTTP status, with the reason in the protocol's own terms.
struct MCPRefusal: Error {
    let status: HTTPResponse.Status
    let failure: MCPFailure
    /// The request's id, where it could be read.
    let id: MCPRequestID?
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ failure: MCPFailure, id: MCPRequestID? = nil) {
        self.status = status
        self.failure = failure
        self.id = id
    }

    /// A refusal of the product's own, with the status as its code.
    init(_ status: HTTPResponse.Status, _ code: String, _ message: String, hint: String? = nil) {
        var data: JSONObject = ["code": .string(code)]
        if let hint { data["hint"] = .string(hint) }
        self.init(status, MCPFailure(code: status.code, message: message, data: .object(data)))
    }

    /// The same in the words of the rest of the interface.
    init(_ error: APIError) {
        self.init(error.status, error.code, error.message, hint: error.hint)
    }

    /// No token, or one that opens nothing.
    static func unauthorized(_ message: String) -> MCPRefusal {
        var refusal = MCPRefusal(
            .unauthorized,
            "unauthorized",
            message,
            hint: "Send `Authorization: Bearer …` with a token made in the app or by: cherry token add"
        )
        refusal.headers[.wwwAuthenticate] = "Bearer realm=\"cherry\""
        return refusal
    }

    /// The answer.
    ///
    /// - Parameter version: the revision that the request's headers name.
    func response(_ version: MCPVersion?) -> Response {
        .mcp(MCPMessage.failure(id: self.id, self.failure).json(version), status: self.status, headers: self.headers)
    }
}

extension Response {
    /// One message as JSON.
    static func mcp(
        _ message: JSONValue,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: message.bytes)))
    }
}

extension HTTPField.Name {
    static let mcpProtocolVersion = Self(MCPHeaders.protocolVersion)!
    static let mcpSessionID = Self(MCPHeaders.sessionID)!
}
