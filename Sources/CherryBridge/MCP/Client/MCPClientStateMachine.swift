public import CherryCore

/// The client's side of one conversation, without a clock or a socket: events in, actions out.
///
/// It asks first whether the server takes requests that stand alone, and begins with `initialize` when it does not.
/// States: new → probing → ready, or probing → initializing → ready; from any of them → ended.
public struct MCPClientStateMachine: Sendable {
    /// The server, as it describes itself.
    public struct Peer: Sendable, Hashable {
        public var version: MCPVersion
        /// Self-reported; `nil` when it does not say.
        public var server: MCPImplementation?
        public var hasTools: Bool
    }

    /// Something that happened.
    public enum Event: Sendable {
        case start
        /// The server did not answer the first question in time: older ones are silent about what they do not know.
        case probeTimedOut
        case received(MCPMessage)
        /// Nobody waits for the answer to this request any more.
        case abandoned(Int64)
        /// The connection has ended.
        case closed
    }

    /// Something to do.
    public enum Action: Sendable, Hashable {
        case send(MCPMessage)
        case connected(Peer)
        /// The two cannot speak with each other.
        case refused(MCPFailure)
        case answer(Int64, Result<JSONObject, MCPFailure>)
        /// The connection ended before the answer.
        case lost(Int64)
        case progress(Int64)
        case toolsChanged
    }

    private enum Phase: Equatable {
        case new
        case probing(Int64)
        /// `late` is what the first question's answer says when it comes after all.
        case initializing(Int64, probe: Int64, late: Peer?)
        case ready(MCPVersion)
        case ended
    }

    private let client: MCPImplementation
    private let cancelsByClosing: Bool
    private var phase = Phase.new
    private var nextID: Int64 = 1
    private var waiting: Set<Int64> = []

    /// Begins a conversation.
    ///
    /// - Parameter cancelsByClosing: whether the transport tells of a cancellation by closing the request's stream.
    public init(client: MCPImplementation, cancelsByClosing: Bool) {
        self.client = client
        self.cancelsByClosing = cancelsByClosing
    }

    /// The revision that is spoken; `nil` before that is settled.
    public var version: MCPVersion? { if case .ready(let version) = self.phase { version } else { nil } }

    /// Asks something.
    ///
    /// - Parameter wantsProgress: whether the server is to tell how far it is.
    /// - Returns: the request's id, and the message to send; `nil` unless the conversation is ready.
    public mutating func call(
        _ method: String,
        _ params: JSONObject = [:],
        wantsProgress: Bool = false
    ) -> (id: Int64, message: MCPMessage)? {
        guard case .ready(let version) = self.phase else { return nil }
        let id = self.takeID()
        self.waiting.insert(id)
        var params = params
        if wantsProgress { params["_meta"] = [MCPMeta.progressToken: .integer(id)] }
        return (id, self.request(id, method, params, version))
    }

    /// Takes an event.
    public mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .start: return self.start()
        case .probeTimedOut:
            guard case .probing(let probe) = self.phase else { return [] }
            return [self.initialize(after: probe)]
        case .received(.request(let id, let method, _)):
            // This client offers the server nothing; being there is all it can answer to.
            let answer: MCPMessage = method == "ping" ? .result(id: id, [:]) : .failure(id: id, .methodNotFound)
            return self.version?.isStateless == true ? [] : [.send(answer)]
        case .received(.notification(let method, let params)): return self.notification(method, params)
        case .received(.result(.integer(let id), let result)): return self.answer(id, Self.checked(result))
        case .received(.failure(.integer(let id)?, let failure)): return self.answer(id, .failure(failure))
        // An answer to nothing that was asked.
        case .received(.result), .received(.failure): return []
        case .abandoned(let id): return self.abandoned(id)
        case .closed: return self.closed()
        }
    }

    private mutating func takeID() -> Int64 {
        defer { self.nextID += 1 }
        return self.nextID
    }

    private func request(
        _ id: Int64,
        _ method: String,
        _ params: JSONObject,
        _ version: MCPVersion
    ) -> MCPMessage {
        guard version.isStateless else { return .request(id: .integer(id), method: method, params: params) }
        var params = params
        var meta = params["_meta"] ?? [:]
        meta[MCPMeta.protocolVersion] = .string(version.rawValue)
        meta[MCPMeta.clientInfo] = self.client.json
        meta[MCPMeta.clientCapabilities] = [:]
        params["_meta"] = meta
        return .request(id: .integer(id), method: method, params: params)
    }

    // MARK: Beginning

    private mutating func start() -> [Action] {
        guard case .new = self.phase else { return [] }
        let id = self.takeID()
        self.phase = .probing(id)
        return [.send(self.request(id, "server/discover", [:], .july2026))]
    }

    private mutating func initialize(after probe: Int64) -> Action {
        let id = self.takeID()
        self.phase = .initializing(id, probe: probe, late: nil)
        return .send(
            .request(
                id: .integer(id),
                method: "initialize",
                params: [
                    "protocolVersion": .string(MCPVersion.withHandshake[0].rawValue),
                    "capabilities": [:],
                    "clientInfo": self.client.json,
                ]
            )
        )
    }

    private mutating func discovered(_ result: Result<JSONObject, MCPFailure>, by probe: Int64) -> [Action] {
        switch result {
        case .success(let result):
            guard let peer = Self.newer(result) else { return [self.initialize(after: probe)] }
            self.phase = .ready(peer.version)
            return [.connected(peer)]
        case .failure(let failure) where failure.code == MCPFailure.Code.unsupportedVersion:
            let supported = (failure.data?["supported"]?.array ?? []).compactMap(\.string)
            guard MCPVersion.withHandshake.contains(where: { supported.contains($0.rawValue) }) else {
                return self.refuse(failure)
            }
            return [self.initialize(after: probe)]
        // Whatever else an older server says to what it does not know.
        case .failure: return [self.initialize(after: probe)]
        }
    }

    /// The server that takes requests which stand alone, if it says so.
    private static func newer(_ result: JSONObject) -> Peer? {
        let versions = (result["supportedVersions"]?.array ?? []).compactMap(\.string)
        guard versions.contains(MCPVersion.july2026.rawValue) else { return nil }
        return Peer(
            version: .july2026,
            server: MCPImplementation(result["_meta"]?[MCPMeta.serverInfo]),
            hasTools: result["capabilities"]?["tools"]?.object != nil
        )
    }

    private mutating func initialized(_ result: Result<JSONObject, MCPFailure>, late: Peer?) -> [Action] {
        switch result {
        case .success(let result):
            guard let name = result["protocolVersion"]?.string,
                let version = MCPVersion.withHandshake.first(where: { $0.rawValue == name })
            else {
                return self.refuse(.unsupportedVersion(result["protocolVersion"]?.string ?? ""), unless: late)
            }
            self.phase = .ready(version)
            let peer = Peer(
                version: version,
                server: MCPImplementation(result["serverInfo"]),
                hasTools: result["capabilities"]?["tools"]?.object != nil
            )
            return [.send(.notification(method: "notifications/initialized", params: [:])), .connected(peer)]
        case .failure(let failure): return self.refuse(failure, unless: late)
        }
    }

    private mutating func refuse(_ failure: MCPFailure, unless late: Peer? = nil) -> [Action] {
        if let late {
            self.phase = .ready(late.version)
            return [.connected(late)]
        }
        self.phase = .ended
        return [.refused(failure)]
    }

    // MARK: Answers

    private mutating func answer(_ id: Int64, _ result: Result<JSONObject, MCPFailure>) -> [Action] {
        switch self.phase {
        case .probing(id): return self.discovered(result, by: id)
        case .initializing(id, _, let late): return self.initialized(result, late: late)
        case .initializing(let current, id, _):
            // A slow start, not an old server.
            if case .success(let result) = result {
                self.phase = .initializing(current, probe: id, late: Self.newer(result))
            }
            return []
        default:
            guard self.waiting.remove(id) != nil else { return [] }
            return [.answer(id, result)]
        }
    }

    /// A result that is one: what wants more input from this client cannot have it.
    private static func checked(_ result: JSONObject) -> Result<JSONObject, MCPFailure> {
        switch result["resultType"] {
        case nil, "complete": .success(result)
        case "input_required":
            .failure(
                MCPFailure(
                    code: MCPFailure.Code.missingClientCapability,
                    message: "The tool wants more input than this client can give."
                )
            )
        default: .failure(.invalidRequest("The server's result is of a kind that is not known."))
        }
    }

    private func notification(_ method: String, _ params: JSONObject) -> [Action] {
        switch method {
        case "notifications/progress":
            guard let id = params[MCPMeta.progressToken]?.integer.map(Int64.init), self.waiting.contains(id) else {
                return []
            }
            return [.progress(id)]
        case "notifications/tools/list_changed": return [.toolsChanged]
        default: return []
        }
    }

    private mutating func abandoned(_ id: Int64) -> [Action] {
        guard self.waiting.remove(id) != nil, let version else { return [] }
        if version.isStateless, self.cancelsByClosing { return [] }
        let params: JSONObject = ["requestId": .integer(id), "reason": "Nobody waits for it any more."]
        return [.send(.notification(method: "notifications/cancelled", params: params))]
    }

    private mutating func closed() -> [Action] {
        let lost = self.waiting.sorted()
        let wasReady = self.version != nil || self.phase == .ended
        self.waiting = []
        self.phase = .ended
        let failure = MCPFailure(code: MCPFailure.Code.internalError, message: "The server ended.")
        return lost.map { .lost($0) } + (wasReady ? [] : [.refused(failure)])
    }
}
