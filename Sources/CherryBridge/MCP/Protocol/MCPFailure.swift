public import CherryCore

/// An error in the protocol's own terms. Its words carry nothing that the client did not send or may not read.
public struct MCPFailure: Error, Sendable, Hashable {
    /// JSON-RPC's codes, the protocol's between -32020 and -32099, or, for the product's own reasons, an HTTP status.
    public var code: Int
    public var message: String
    public var data: JSONValue?

    /// Describes an error.
    public init(code: Int, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// Reads an error; `nil` when it is none.
    init?(_ json: JSONValue) {
        guard let code = json["code"]?.integer, let message = json["message"]?.string else { return nil }
        self.init(code: code, message: message, data: json["data"])
    }

    /// The error as JSON.
    public var json: JSONValue {
        var members: JSONObject = ["code": .integer(Int64(self.code)), "message": .string(self.message)]
        members["data"] = self.data
        return .object(members)
    }
}

extension MCPFailure {
    /// Codes with a fixed meaning. Source: JSON-RPC 2.0, section 5.1, and the protocol's revisions.
    public enum Code {
        public static let parseError = -32700
        public static let invalidRequest = -32600
        public static let methodNotFound = -32601
        public static let invalidParams = -32602
        public static let internalError = -32603
        /// Until 2025-11-25; later an unknown resource is an invalid parameter.
        public static let resourceNotFound = -32002
        public static let headerMismatch = -32020
        public static let missingClientCapability = -32021
        public static let unsupportedVersion = -32022
    }

    static let parseError = MCPFailure(code: Code.parseError, message: "The message is not JSON in UTF-8.")

    static func invalidRequest(_ message: String) -> MCPFailure {
        MCPFailure(code: Code.invalidRequest, message: message)
    }

    static func invalidParams(_ message: String) -> MCPFailure {
        MCPFailure(code: Code.invalidParams, message: message)
    }

    static let methodNotFound = MCPFailure(
        code: Code.methodNotFound,
        message: "This server has no such method in this revision of the protocol."
    )

    /// A header that is missing or says something else than the body.
    public static func headerMismatch(_ message: String) -> MCPFailure {
        MCPFailure(code: Code.headerMismatch, message: message)
    }

    /// A revision that this program does not speak.
    public static func unsupportedVersion(_ requested: String) -> MCPFailure {
        MCPFailure(
            code: Code.unsupportedVersion,
            message: "This server does not speak that revision of the protocol.",
            data: [
                "supported": .array(MCPVersion.newestFirst.map { .string($0.rawValue) }),
                "requested": .string(requested),
            ]
        )
    }

    static let resourceNotFound = MCPFailure(code: Code.resourceNotFound, message: "There is no such resource.")

    /// One of the product's own errors, under an HTTP status as its code and with its name and hint as data.
    public init(_ error: any CherryError) {
        var data: JSONObject = ["code": .string(error.codeName)]
        if let hint = error.hint { data["hint"] = .string(hint) }
        let code =
            switch error.codeName {
            case "sealed": 423
            case "notFound": 404
            case "forbidden": 403
            case "rateLimited", "tooManyReplies", "tooManyRequests": 429
            default: Code.internalError
            }
        self.init(code: code, message: error.message, data: .object(data))
    }

    static let `internal` = MCPFailure(code: Code.internalError, message: "Something went wrong inside the server.")

    static let tooManyRequests = MCPFailure(
        code: 429,
        message: "Too many requests are under way.",
        data: ["code": "tooManyRequests", "hint": "Wait for one of them to end."]
    )
}
