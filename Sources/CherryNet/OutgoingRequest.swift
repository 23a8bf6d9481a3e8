/// A request to another server.
public struct OutgoingRequest: Sendable {
    /// The methods in use.
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    public var method: Method
    /// An absolute http or https address.
    public var url: String
    /// Names and values in order. `Host` and the length are added.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]?
    /// Limits for this request; `nil` takes the transport's.
    public var limits: HTTPTransport.Limits?

    /// Creates a request.
    public init(
        _ method: Method,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        limits: HTTPTransport.Limits? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limits = limits
    }
}

extension OutgoingRequest: CustomStringConvertible, CustomReflectable {
    /// The method alone: an address may hold a token, headers hold keys, a body holds the user's words.
    public var description: String { "OutgoingRequest(\(self.method.rawValue))" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
