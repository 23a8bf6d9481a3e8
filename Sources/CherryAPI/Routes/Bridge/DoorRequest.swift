import CherryBridge
import CherryCore
import HTTPTypes
import HummingbirdCore
import NIOCore

/// What a tool asks, as it comes from its connection.
struct DoorRequest: Sendable {
    enum Body: Sendable {
        case whole(ByteBuffer)
        case toBeRead(BodyReader)
    }

    /// Bytes of a body: the largest that the providers' own APIs take.
    static let bodyLimit = 32 << 20

    let method: HTTPRequest.Method
    /// Path and query.
    let target: String
    /// What follows `/v1/` in the path.
    let path: Substring
    /// The host and port that it was sent to.
    let authority: String
    let origins: [String]
    /// The token that it shows.
    let token: Substring?
    /// Whether the client speaks Anthropic's API where an address is the same in both.
    let isAnthropic: Bool
    /// Whether the client takes an answer from a cache, and lets its own be kept.
    let allowsCaches: Bool
    /// Where the client is in a trace of its own, in W3C's form.
    let traceParent: String?
    let body: Body
    /// The connection that it came by.
    let channel: any Channel

    /// A plain one, which is here as a whole; `nil` when it is none for the doors.
    init?(_ head: PlainRequest, body: ByteBuffer, channel: any Channel) {
        let end = head.target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? head.target.endIndex
        guard let path = Self.path(head.target[..<end]) else { return nil }
        self.method = head.method
        self.target = head.target
        self.path = path
        self.authority = head.host
        self.origins = head.origin.map { [$0] } ?? []
        self.token = Self.token(authorization: head.authorization, apiKey: head.apiKey)
        self.isAnthropic = head.anthropicVersion != nil
        self.allowsCaches = Self.allowsCaches(head.cacheControl)
        self.traceParent = head.traceParent
        self.body = .whole(body)
        self.channel = channel
    }

    /// One whose body is still to be read; `nil` when it is none for the doors.
    init?(_ request: Request, channel: any Channel) {
        guard let path = Self.path(request.uri.path[...]) else { return nil }
        let fields = request.headers
        self.method = request.method
        self.target = request.uri.string
        self.path = path
        self.authority = request.head.authority ?? ""
        self.origins = fields[values: .origin]
        self.token = Self.token(authorization: fields[.authorization], apiKey: fields[.apiKey])
        self.isAnthropic = fields[.anthropicVersion] != nil
        self.allowsCaches = Self.allowsCaches(fields[.cacheControl])
        self.traceParent = fields[.traceParent]
        self.body = .toBeRead(BodyReader(request: request, limit: Self.bodyLimit))
        self.channel = channel
    }

    /// What follows `/v1/`; `nil` for the paths of others.
    static func path(_ path: Substring) -> Substring? {
        path.hasPrefix("/v1/") || path == "/v1" ? path.dropFirst(4) : nil
    }

    private static func token(authorization: String?, apiKey: String?) -> Substring? {
        if let authorization {
            let parts = authorization.utf8.split(separator: 0x20, maxSplits: 1, omittingEmptySubsequences: true)
            if parts.count == 2, Substring(parts[0]).lowercased() == "bearer" { return Substring(parts[1]) }
        }
        return apiKey.map { $0[...] }
    }

    private static func allowsCaches(_ cacheControl: String?) -> Bool { cacheControl?.contains("no-") != true }

    /// The body's bytes, and what they say.
    func json() async throws -> (bytes: [UInt8], json: JSONValue) {
        let buffer: ByteBuffer =
            switch self.body {
            case .whole(let buffer): buffer
            case .toBeRead(let reader): try await reader.collect()
            }
        let bytes = Array(buffer.readableBytesView)
        do {
            return (bytes, try JSONValue(parsing: bytes))
        } catch {
            throw BridgeError(.invalid, message: "The body is not JSON: \(Self.words(for: error)).")
        }
    }

    private static func words(for error: JSONParsingError) -> String {
        switch error {
        case .invalidUTF8: "it is not UTF-8"
        case .tooDeep: "it nests deeper than \(JSONValue.maximumDepth) levels"
        case .malformed(let place): "something is wrong at byte \(place)"
        }
    }
}
