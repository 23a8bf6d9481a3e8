import NIOHTTP1

/// An answer whose body is still on its way.
public struct IncomingResponse: Sendable {
    /// The HTTP status, 100 to 999.
    public let status: Int
    /// The body, readable once.
    public let body: ResponseBody
    private let headers: HTTPHeaders

    init(status: Int, headers: HTTPHeaders, body: ResponseBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of a header; the first when there are several. Names are compared without regard to case.
    public func header(_ name: String) -> String? {
        self.headers.first(name: name)
    }
}
