/// A request to another server.
public struct OutgoingRequest: Sendable {
    /// The methods in use.
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Whether a second time changes nothing that the first did not (RFC 9110, section 9.2.2).
        var isIdempotent: Bool { self != .post && self != .patch }
    }

    public var method: Method
    /// An absolute http or https address.
    public var url: String
    /// Names and values in order. `Host` is added unless it is here; the length and what concerns the connection
    /// itself are the transport's own and are left out if they are here.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]?
    /// Limits for this request; `nil` takes the transport's.
    public var limits: HTTPTransport.Limits?
    /// Where the request may go.
    public var reach: EgressReach

    /// Creates a request.
    public init(
        _ method: Method,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        limits: HTTPTransport.Limits? = nil,
        reach: EgressReach = .publicOnly
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limits = limits
        self.reach = reach
    }
}

extension OutgoingRequest: CustomStringConvertible, CustomReflectable {
    /// The method alone: an address may hold a token, headers hold keys, a body holds the user's words.
    public var description: String { "OutgoingRequest(\(self.method.rawValue))" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
