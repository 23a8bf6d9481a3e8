public import CherryCore

/// Names a request, so that its answer finds it.
public enum MCPRequestID: Sendable, Hashable {
    case integer(Int64)
    case text(String)

    /// Reads an id: a text or a whole number, nothing else.
    public init?(_ json: JSONValue) {
        switch json {
        case .string(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .number(let number):
            guard let whole = Int64(exactly: number) else { return nil }
            self = .integer(whole)
        default: return nil
        }
    }

    /// The id as JSON.
    public var json: JSONValue {
        switch self {
        case .integer(let number): .integer(number)
        case .text(let text): .string(text)
        }
    }
}

/// One message of JSON-RPC 2.0, as the protocol uses it: parameters and results are objects.
public enum MCPMessage: Sendable, Hashable {
    case request(id: MCPRequestID, method: String, params: JSONObject)
    case notification(method: String, params: JSONObject)
    case result(id: MCPRequestID, JSONObject)
    /// `id` is `nil` when it could not be read.
    case failure(id: MCPRequestID?, MCPFailure)

    /// Bytes that one message may take.
    public static let limit = 1 << 20
    /// Levels that a message may nest.
    static let maximumDepth = 64

    /// Reads one message.
    ///
    /// - Throws: `MCPUnreadable` with what to answer: a parse error for what is no JSON, an invalid request for JSON
    ///   that is no message, a batch included.
    public init(
        reading bytes: some Collection<UInt8>,
        limit: Int = MCPMessage.limit
    ) throws(MCPUnreadable) {
        guard bytes.count <= limit else {
            throw MCPUnreadable(.invalidRequest("The message is larger than \(limit) bytes."))
        }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes, maximumDepth: Self.maximumDepth)
        } catch .tooDeep {
            throw MCPUnreadable(.invalidRequest("The message nests deeper than \(Self.maximumDepth) levels."))
        } catch {
            throw MCPUnreadable(.parseError)
        }
        try self.init(json)
    }

    /// Reads one message.
    ///
    /// - Throws: `MCPUnreadable` with what to answer.
    public init(_ json: JSONValue) throws(MCPUnreadable) {
        if case .array = json {
            throw MCPUnreadable(.invalidRequest("This protocol has no batches: send one message at a time."))
        }
        guard case .object(let members) = json else {
            throw MCPUnreadable(.invalidRequest("A message is a JSON object."))
        }
        let id = members["id"].flatMap(MCPRequestID.init)
        guard members["jsonrpc"] == "2.0" else {
            throw MCPUnreadable(id: id, .invalidRequest("jsonrpc must be \"2.0\"."))
        }
        if members["id"] != nil, id == nil, members["error"] == nil {
            throw MCPUnreadable(.invalidRequest("id must be a text or a whole number."))
        }
        if let method = members["method"] {
            self = try Self.call(method, id: id, params: members["params"])
        } else if case .object(let result)? = members["result"], let id, members["error"] == nil {
            self = .result(id: id, result)
        } else if let error = members["error"], members["result"] == nil, let failure = MCPFailure(error) {
            self = .failure(id: id, failure)
        } else {
            throw MCPUnreadable(id: id, .invalidRequest("This is neither a request nor an answer."))
        }
    }

    private static func call(
        _ method: JSONValue,
        id: MCPRequestID?,
        params: JSONValue?
    ) throws(MCPUnreadable) -> MCPMessage {
        guard case .string(let method) = method else {
            throw MCPUnreadable(id: id, .invalidRequest("method must be a text."))
        }
        switch params {
        case nil: return Self.call(method, id: id, params: [:])
        case .object(let params): return Self.call(method, id: id, params: params)
        default: throw MCPUnreadable(id: id, .invalidParams("params must be an object."))
        }
    }

    private static func call(_ method: String, id: MCPRequestID?, params: JSONObject) -> MCPMessage {
        id.map { .request(id: $0, method: method, params: params) } ?? .notification(method: method, params: params)
    }

    /// The message as JSON.
    ///
    /// - Parameter version: the revision agreed on; `nil` before there is one. The schema of 2025-06-18 wants an id
    ///   in every error: there the empty text stands for one that could not be read.
    public func json(_ version: MCPVersion?) -> JSONValue {
        var members: JSONObject = ["jsonrpc": "2.0"]
        switch self {
        case .request(let id, let method, let params):
            members["id"] = id.json
            members["method"] = .string(method)
            if !params.isEmpty { members["params"] = .object(params) }
        case .notification(let method, let params):
            members["method"] = .string(method)
            if !params.isEmpty { members["params"] = .object(params) }
        case .result(let id, let result):
            members["id"] = id.json
            members["result"] = .object(result)
        case .failure(let id, let failure):
            if let id {
                members["id"] = id.json
            } else if version?.allowsErrorsWithoutID == false {
                members["id"] = ""
            }
            members["error"] = failure.json
        }
        return .object(members)
    }
}

/// What could not be read as a message, with the answer that it gets.
public struct MCPUnreadable: Error, Sendable, Hashable {
    /// The id, where it could be read.
    public let id: MCPRequestID?
    public let failure: MCPFailure

    init(id: MCPRequestID? = nil, _ failure: MCPFailure) {
        self.id = id
        self.failure = failure
    }
}
