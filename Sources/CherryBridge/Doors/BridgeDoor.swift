public import CherryCore
public import Foundation

/// An API in which tools speak to the bridge: pure translation of requests, answers and errors, without a clock or a
/// socket.
public protocol BridgeDoor: Sendable {
    /// The API; a provider of the same one can be given the request's bytes as they are (`PassThrough`).
    var api: WireAPI { get }

    /// Reads a chat request.
    ///
    /// A field that is not known, or that would change the answer in a way that no provider can be told, is refused by
    /// its path: nothing is dropped in silence.
    ///
    /// - Throws: `BridgeError` with code `.invalid`, or `.unsupported` for what the API has and the bridge does not.
    func request(from body: JSONValue) throws -> ChatRequest

    /// Names the exchange that `body` asks for, with what its answer repeats of it.
    func exchange(id: String, created: Date, for body: JSONValue) -> DoorExchange

    /// What writes the answer to `request`, which must have come from this door.
    func encoder(for request: ChatRequest, as exchange: DoorExchange) -> any AnswerEncoder

    /// Writes a refusal as this API's own error body, with its HTTP status.
    ///
    /// - Parameter id: the exchange's id, where one has begun; an API that repeats it in its errors does.
    func refusal(_ error: BridgeError, id: String?) -> DoorRefusal
}

extension BridgeDoor {
    public func exchange(id: String, created: Date, for body: JSONValue) -> DoorExchange {
        DoorExchange(id: id, created: created, model: body["model"]?.string ?? "")
    }

    /// Writes a refusal of something that is no exchange yet.
    public func refusal(_ error: BridgeError) -> DoorRefusal { self.refusal(error, id: nil) }
}

/// One exchange, as its answer names it.
public struct DoorExchange: Sendable, Hashable {
    /// Without a prefix: a door adds its own, such as `chatcmpl-`.
    public var id: String
    /// When it began.
    public var created: Date
    /// The name to answer under: what the client asked for.
    public var model: String
    /// Whether the client wants the tokens counted at the end of a stream, where its API lets it choose.
    public var includesUsage: Bool
    /// The client's own notes on its request, where its API hands them back.
    public var metadata: JSONValue?

    /// Names an exchange.
    public init(id: String, created: Date, model: String, includesUsage: Bool = true, metadata: JSONValue? = nil) {
        self.id = id
        self.created = created
        self.model = model
        self.includesUsage = includesUsage
        self.metadata = metadata
    }
}

/// An error in an API's own words.
public struct DoorRefusal: Sendable, Hashable {
    /// The HTTP status.
    public var status: Int
    /// What the header `Retry-After` is to say.
    public var retryAfter: Duration?
    public var body: JSONValue

    /// Creates a refusal.
    public init(status: Int, retryAfter: Duration? = nil, body: JSONValue) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }
}

/// Writes one answer in an API's own form: as server-sent events while it comes, or whole.
///
/// Events must come in the order that `ChatEvent` describes. Text that was streamed is not kept, except where the API
/// repeats the whole answer in its last event.
public protocol AnswerEncoder: Sendable {
    /// Takes one event.
    ///
    /// - Returns: the bytes of server-sent events; none when it only changes what comes later, and none at all for a
    ///   request that is not streamed.
    mutating func receive(_ event: ChatEvent) -> [UInt8]

    /// Takes note of events that the provider wrote itself and that were passed on: what is written now follows them.
    mutating func passedOn(events: Int)

    /// Takes an estimate of what the answer took, before `finished`. For APIs that cannot do without a count, when the
    /// provider gave none; it is marked as an estimate.
    mutating func estimate(_ usage: TokenUsage)

    /// Ends the stream after `finished`; without one it ends as cut off.
    mutating func finish() -> [UInt8]

    /// Ends the stream with an error in this API's own form.
    mutating func fail(_ error: BridgeError) -> [UInt8]

    /// The whole answer, after all events were received, for a request that is not streamed.
    func whole() -> JSONValue

    /// What a stream may say while nothing happens.
    var heartbeat: [UInt8] { get }
}

extension AnswerEncoder {
    public mutating func passedOn(events: Int) {}

    public mutating func estimate(_ usage: TokenUsage) {}
}
