public import CherryCore
public import CherryNet
import Synchronization

/// A server reached over streamable HTTP.
///
/// What the body says of a request is repeated in headers where the revision wants it; the session of older revisions
/// is kept here.
public final class MCPHTTPChannel: MCPChannel {
    private struct State {
        var sessionID: String?
        var version: String?
        var isListening = false
    }

    /// Bytes of one answer.
    private static let size = 32 << 20
    /// Bytes that are read of a refusal.
    private static let refusalLimit = 64 << 10
    /// How often a broken stream is taken up again.
    private static let resumptions = 3

    private let url: String
    private let token: Secret<String>?
    private let transport: HTTPTransport
    private let reach: EgressReach
    private let limits: HTTPTransport.Limits
    private let state = Mutex(State())
    private let sessionBegan = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    public var cancelsByClosing: Bool { true }

    /// Creates a channel; nothing is opened before the first message.
    ///
    /// - Parameters:
    ///   - token: sent as a bearer token.
    ///   - reach: which addresses the server may have.
    ///   - patience: how long an answer, and a silence within it, may take.
    public init(
        url: String,
        token: Secret<String>?,
        transport: HTTPTransport,
        reach: EgressReach,
        patience: Duration
    ) {
        self.url = url
        self.token = token
        self.transport = transport
        self.reach = reach
        self.limits = HTTPTransport.Limits(firstByte: patience, gap: patience, total: patience, size: Self.size)
    }

    /// Whether a session has begun, as older revisions have them.
    var hasSession: Bool { self.state.withLock { $0.version != nil } }

    // MARK: What the server says by itself

    public func run(_ receive: @escaping @Sendable (MCPMessage) async -> Void) async throws {
        defer { self.sessionBegan.continuation.finish() }
        for await _ in self.sessionBegan.stream {
            // A server need not have such a stream; without one there is only less to hear.
            try? await self.listen(receive)
        }
    }

    /// Reads the general stream of a session, again and again while it breaks.
    private func listen(_ receive: @escaping @Sendable (MCPMessage) async -> Void) async throws {
        var last: String?
        var failures = 0
        while failures < Self.resumptions, !Task.isCancelled {
            var headers = self.headers(for: nil)
            if let last { headers.append(("Last-Event-ID", last)) }
            var limits = self.limits
            limits.total = .seconds(86_400)
            limits.gap = .seconds(120)
            let response = try await self.transport.send(
                OutgoingRequest(.get, self.url, headers: headers, limits: limits, reach: self.reach)
            )
            guard response.status == 200, response.isEventStream else { return }
            var parser = ServerSentEventParser()
            do {
                for try await piece in response.body {
                    for event in try parser.feed(piece) {
                        failures = 0
                        last = event.id ?? last
                        guard let message = try? MCPMessage(reading: event.data.utf8) else { continue }
                        await receive(message)
                    }
                }
            } catch is NetError {
                // Broken: it is taken up again below.
            }
            failures += 1
            try await Task.sleep(for: .seconds(failures))
        }
    }

    /// Tells the server that nobody comes back to the session.
    public func endSession() async {
        guard self.state.withLock({ $0.sessionID }) != nil else { return }
        let limits = HTTPTransport.Limits(firstByte: .seconds(2), gap: .seconds(2), total: .seconds(2), size: 65_536)
        let request = OutgoingRequest(
            .delete,
            self.url,
            headers: self.headers(for: nil),
            limits: limits,
            reach: self.reach
        )
        self.state.withLock { $0 = State() }
        // A courtesy: a session that is not ended so ends by itself.
        _ = try? await self.transport.send(request)
    }

    // MARK: Requests

    public func send(
        _ message: MCPMessage,
        headers: [(name: String, value: String)],
        _ receive: @escaping @Sendable (MCPMessage) async -> Void
    ) async throws {
        do {
            try await self.exchange(message, headers, receive)
        } catch let error as NetError {
            throw BridgeError(error, hasAnswer: false)
        }
    }

    private func exchange(
        _ message: MCPMessage,
        _ extra: [(name: String, value: String)],
        _ receive: @escaping @Sendable (MCPMessage) async -> Void
    ) async throws {
        let headers =
            self.headers(for: message) + extra + [("Content-Type", "application/json")]
        let response = try await self.transport.send(
            OutgoingRequest(
                .post,
                self.url,
                headers: headers,
                body: message.json(nil).bytes,
                limits: self.limits,
                reach: self.reach
            )
        )
        guard case .request(let id, let method, _) = message else {
            guard response.status < 300 else { throw Self.refusal(response) }
            if case .notification("notifications/initialized", _) = message { self.sessionBegan.continuation.yield() }
            return
        }
        guard response.status < 300, response.status != 202 else {
            return await receive(.failure(id: id, try await self.failure(of: response)))
        }
        if response.isEventStream {
            try await self.readStream(response, answering: id, begins: method == "initialize", receive)
        } else {
            let bytes = try await response.body.collect(upTo: Self.size)
            guard let answer = try? MCPMessage(reading: bytes, limit: Self.size) else {
                throw BridgeError.toolServerGarbled
            }
            if method == "initialize" { self.begin(response, answer) }
            await receive(answer)
        }
    }

    /// Reads the messages of an answer's stream; takes a broken one up again where its events have ids.
    private func readStream(
        _ response: IncomingResponse,
        answering id: MCPRequestID,
        begins: Bool,
        _ receive: @escaping @Sendable (MCPMessage) async -> Void
    ) async throws {
        var response = response
        var last: String?
        for _ in 0...Self.resumptions {
            var parser = ServerSentEventParser()
            do {
                for try await piece in response.body {
                    for event in try parser.feed(piece) {
                        last = event.id ?? last
                        // The first event of a stream may only say its id.
                        guard !event.data.isEmpty else { continue }
                        guard let message = try? MCPMessage(reading: event.data.utf8, limit: Self.size) else {
                            throw BridgeError.toolServerGarbled
                        }
                        if begins, message.answers(id) { self.begin(response, message) }
                        await receive(message)
                        if message.answers(id) { return }
                    }
                }
            } catch let error as NetError {
                guard last != nil, !error.isTimeout else { throw error }
            }
            guard let resumed = last else { break }
            let headers = self.headers(for: nil) + [("Last-Event-ID", resumed)]
            response = try await self.transport.send(
                OutgoingRequest(.get, self.url, headers: headers, limits: self.limits, reach: self.reach)
            )
            guard response.status == 200, response.isEventStream else { break }
        }
        throw BridgeError.toolServerEnded
    }

    /// Keeps what an answer to `initialize` settles.
    private func begin(_ response: IncomingResponse, _ answer: MCPMessage) {
        guard case .result(_, let result) = answer, let version = result["protocolVersion"]?.string else { return }
        self.state.withLock { state in
            state.version = version
            state.sessionID = response.header(MCPHeaders.sessionID)
        }
    }

    // MARK: Headers

    private func headers(for message: MCPMessage?) -> [(name: String, value: String)] {
        var headers = [(name: "Accept", value: "application/json, text/event-stream")]
        if let token { headers.append(("Authorization", "Bearer \(token.exposed)")) }
        if case .request(_, let method, let params)? = message,
            let version = params["_meta"]?[MCPMeta.protocolVersion]?.string
        {
            headers.append((MCPHeaders.protocolVersion, version))
            headers.append((MCPHeaders.method, method))
            if let name = MCPHeaders.nameParameter(of: method).flatMap({ params[$0]?.string }) {
                headers.append((MCPHeaders.name, MCPHeaders.encode(name)))
            }
            return headers
        }
        let (session, version) = self.state.withLock { ($0.sessionID, $0.version) }
        if let session { headers.append((MCPHeaders.sessionID, session)) }
        if let version { headers.append((MCPHeaders.protocolVersion, version)) }
        return headers
    }

    // MARK: Refusals

    /// The error that a refusal's body brings, or one that says what its status means.
    private func failure(of response: IncomingResponse) async throws -> MCPFailure {
        let bytes = try await response.body.collect(upTo: Self.refusalLimit)
        if case .failure(_, let failure)? = try? MCPMessage(reading: bytes) {
            guard response.status != 401 else { throw Self.refusal(response) }
            return failure
        }
        // To the first question any refusal means an older server; the caller knows whether it was the first.
        guard response.status != 401, response.status != 403 else { throw Self.refusal(response) }
        return MCPFailure(code: response.status, message: "The server answered with status \(response.status).")
    }

    private static func refusal(_ response: IncomingResponse) -> BridgeError {
        switch response.status {
        case 401, 403:
            .toolServer(.unauthorized, "The tool server does not accept the token.", hint: "Enter it again.")
        case 500...: .toolServer(.overloaded, "The tool server failed with status \(response.status).")
        default: .toolServer(.refused, "The tool server refused with status \(response.status).")
        }
    }
}

extension IncomingResponse {
    fileprivate var isEventStream: Bool {
        self.header("Content-Type")?.lowercased().hasPrefix("text/event-stream") == true
    }
}

extension MCPMessage {
    /// Whether this is the answer to a request.
    fileprivate func answers(_ request: MCPRequestID) -> Bool {
        switch self {
        case .result(request, _), .failure(request, _), .failure(nil, _): true
        default: false
        }
    }
}
