/// An answer whose body is still on its way.
public struct IncomingResponse: Sendable {
    /// The body, readable once.
    public let body: ResponseBody
    private let head: ResponseHead

    init(head: ResponseHead, body: ResponseBody) {
        self.head = head
        self.body = body
    }

    /// The HTTP status, 200 to 999.
    public var status: Int { self.head.status }

    /// The value of a header; the first when there are several. Names are compared without regard to case.
    public func header(_ name: String) -> String? {
        self.head.value(of: name)
    }

    /// Every header in order, as it came. A body that was unpacked leaves out its coding and its length.
    public var headers: [(name: String, value: String)] { self.head.all }
}
