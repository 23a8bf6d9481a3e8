public import CherryCore

/// The server's side of one conversation, without a clock or a socket: events in, actions out.
///
/// It serves a process's streams, an HTTP session or a single HTTP request. Requests that stand alone are served at any
/// time; those of older revisions after `initialize`. States: new → negotiated (by `initialize`) → ended.
public struct MCPServerStateMachine: Sendable {
    /// What the server says of itself.
    public struct Profile: Sendable {
        public var server: MCPImplementation
        /// What a model should know before it uses the tools.
        public var instructions: String

        /// Describes a server.
        public init(server: MCPImplementation, instructions: String) {
            self.server = server
            self.instructions = instructions
        }
    }

    /// Lists that may change while a client looks at them.
    public enum List: String, Sendable, Hashable, CaseIterable {
        case prompts, resources
    }

    /// Something that happened.
    public enum Event: Sendable {
        case received(MCPMessage)
        /// Bytes came that are no message.
        case unreadable(MCPUnreadable)
        /// What a `perform` came to.
        case finished(MCPRequestID, Result<MCPResult, MCPFailure>)
        /// Work goes on; `step` only ever rises.
        case progressed(MCPRequestID, step: Int, message: String?)
        case changed(Set<List>)
        /// The server ends or is locked.
        case closing
    }

    /// Where a message belongs.
    public enum Route: Sendable, Hashable {
        /// The stream of this request's answer.
        case answer(MCPRequestID)
        /// Whatever stream is open to the client.
        case general
        /// The answer to bytes that were no request.
        case refusal
    }

    /// Something to do.
    public enum Action: Sendable, Hashable {
        case send(JSONValue, Route)
        case perform(MCPOperation, MCPRequestID, client: MCPImplementation?)
        /// The client no longer wants this request's answer; nothing more is sent for it.
        case cancel(MCPRequestID)
        /// This request's answer is a stream that stays open.
        case listen(MCPRequestID)
    }

    /// One request under way.
    private struct Running {
        let version: MCPVersion
        let progressToken: JSONValue?
        var lastStep = -1
        /// For a subscription: what it wants to hear of.
        var lists: Set<List>?
    }

    private enum Phase {
        case new
        case negotiated(MCPVersion, client: MCPImplementation)
        case ended
    }

    /// Requests of one client that may be under way at the same time.
    public static let limit = 16

    private let profile: Profile
    private var phase = Phase.new
    private var running: [MCPRequestID: Running] = [:]

    /// Begins a conversation.
    public init(_ profile: Profile) { self.profile = profile }

    /// The revision that `initialize` settled; `nil` without one.
    public var version: MCPVersion? {
        if case .negotiated(let version, _) = self.phase { version } else { nil }
    }

    /// Whether a request is under way.
    public func isRunning(_ id: MCPRequestID) -> Bool { self.running[id] != nil }

    /// How many requests are under way.
    public var runningCount: Int { self.running.count }

    /// Takes an event.
    public mutating func handle(_ event: Event) -> [Action] {
        if case .ended = self.phase { return [] }
        switch event {
        case .received(.request(let id, let method, let params)): return self.request(id, method, params)
        case .received(.notification(let method, let params)): return self.notification(method, params)
        // This server asks its clients nothing, so there is nothing that an answer could belong to.
        case .received(.result), .received(.failure): return []
        case .unreadable(let unreadable):
            return [.send(MCPMessage.failure(id: unreadable.id, unreadable.failure).json(self.version), .refusal)]
        case .finished(let id, let result): return self.finished(id, result)
        case .progressed(let id, let step, let message): return self.progressed(id, step, message)
        case .changed(let lists): return self.changed(lists)
        case .closing: return self.closing()
        }
    }

    // MARK: Requests

    private mutating func request(_ id: MCPRequestID, _ method: String, _ params: JSONObject) -> [Action] {
        do throws(MCPFailure) {
            guard self.running[id] == nil else {
                throw .invalidRequest("A request with this id is under way.")
            }
            let (version, client) = try self.speaker(of: method, params)
            return try self.request(id, method, params, version, client)
        } catch {
            return [self.send(.failure(id: id, error), .answer(id), self.version)]
        }
    }

    /// In which revision a request is made, and by whom.
    private func speaker(
        of method: String,
        _ params: JSONObject
    ) throws(MCPFailure) -> (MCPVersion?, MCPImplementation?) {
        let meta = params["_meta"]
        guard let named = meta?[MCPMeta.protocolVersion] else {
            switch self.phase {
            case .negotiated(let version, let client): return (version, client)
            case .new where method == "initialize" || method == "ping": return (nil, nil)
            case .new, .ended:
                throw .invalidParams("Name the protocol's revision in _meta, or begin with initialize.")
            }
        }
        guard let name = named.string else { throw .invalidParams("The revision in _meta must be a text.") }
        guard let version = MCPVersion(rawValue: name), version.isStateless else { throw .unsupportedVersion(name) }
        guard case .object? = meta?[MCPMeta.clientCapabilities] else {
            throw .invalidParams("\(MCPMeta.clientCapabilities) is missing from _meta.")
        }
        return (version, MCPImplementation(meta?[MCPMeta.clientInfo]))
    }

    private mutating func request(
        _ id: MCPRequestID,
        _ method: String,
        _ params: JSONObject,
        _ version: MCPVersion?,
        _ client: MCPImplementation?
    ) throws(MCPFailure) -> [Action] {
        let isStateless = version?.isStateless == true
        switch method {
        case "initialize" where !isStateless: return [try self.initialize(id, params)]
        case "ping" where !isStateless: return [self.send(.result(id: id, [:]), .answer(id), version)]
        case "server/discover" where isStateless: return [self.discover(id)]
        case "subscriptions/listen" where isStateless: return try self.listen(id, params)
        default: break
        }
        guard let version else { throw .invalidParams("Begin with initialize.") }
        guard let operation = try MCPOperation(method, params) else { throw .methodNotFound }
        guard self.running.count < Self.limit else { throw .tooManyRequests }
        let token = params["_meta"]?[MCPMeta.progressToken]
        let isToken = token.flatMap(MCPRequestID.init) != nil
        self.running[id] = Running(version: version, progressToken: isToken ? token : nil)
        return [.perform(operation, id, client: client)]
    }

    private mutating func initialize(_ id: MCPRequestID, _ params: JSONObject) throws(MCPFailure) -> Action {
        guard case .new = self.phase else { throw .invalidRequest("This session was initialized before.") }
        guard let requested = params["protocolVersion"]?.string else {
            throw .invalidParams("protocolVersion must be a text.")
        }
        guard case .object? = params["capabilities"] else { throw .invalidParams("capabilities must be an object.") }
        guard let client = MCPImplementation(params["clientInfo"]) else {
            throw .invalidParams("clientInfo must have a name and a version.")
        }
        let known = MCPVersion.withHandshake.first { $0.rawValue == requested }
        let version = known ?? MCPVersion.withHandshake[0]
        self.phase = .negotiated(version, client: client)
        let result: JSONObject = [
            "protocolVersion": .string(version.rawValue),
            "capabilities": Self.capabilities,
            "serverInfo": self.profile.server.json,
            "instructions": .string(self.profile.instructions),
        ]
        return self.send(.result(id: id, result), .answer(id), version)
    }

    private static let capabilities: JSONValue = [
        "tools": [:],
        "resources": ["listChanged": true],
        "prompts": ["listChanged": true],
    ]

    private func discover(_ id: MCPRequestID) -> Action {
        let result: JSONObject = [
            "supportedVersions": .array(MCPVersion.newestFirst.map { .string($0.rawValue) }),
            "capabilities": Self.capabilities,
            "instructions": .string(self.profile.instructions),
        ]
        return self.send(
            .result(id: id, MCPResult.complete(result, lifetime: 60_000, .july2026, from: self.profile.server)),
            .answer(id),
            .july2026
        )
    }

    private mutating func listen(_ id: MCPRequestID, _ params: JSONObject) throws(MCPFailure) -> [Action] {
        guard case .object(let filter)? = params["notifications"] else {
            throw .invalidParams("notifications must be an object.")
        }
        guard self.running.count < Self.limit else { throw .tooManyRequests }
        let lists = Set(List.allCases.filter { filter[$0.filterKey]?.bool == true })
        self.running[id] = Running(version: .july2026, progressToken: nil, lists: lists)
        let agreed = List.allCases.filter(lists.contains).map { (key: $0.filterKey, value: JSONValue.bool(true)) }
        let acknowledgement = MCPMessage.notification(
            method: "notifications/subscriptions/acknowledged",
            params: ["_meta": [MCPMeta.subscriptionID: id.json], "notifications": .object(JSONObject(agreed))]
        )
        return [.listen(id), self.send(acknowledgement, .answer(id), .july2026)]
    }

    private mutating func notification(_ method: String, _ params: JSONObject) -> [Action] {
        guard method == "notifications/cancelled", let id = params["requestId"].flatMap(MCPRequestID.init),
            self.running.removeValue(forKey: id) != nil
        else { return [] }
        return [.cancel(id)]
    }

    // MARK: Answers

    private mutating func finished(_ id: MCPRequestID, _ result: Result<MCPResult, MCPFailure>) -> [Action] {
        guard let request = self.running.removeValue(forKey: id) else { return [] }
        switch result {
        case .success(let result):
            let members = result.json(request.version, from: self.profile.server)
            return [self.send(.result(id: id, members), .answer(id), request.version)]
        case .failure(var failure):
            if failure.code == MCPFailure.Code.resourceNotFound, request.version.isStateless {
                failure.code = MCPFailure.Code.invalidParams
            }
            return [self.send(.failure(id: id, failure), .answer(id), request.version)]
        }
    }

    private mutating func progressed(_ id: MCPRequestID, _ step: Int, _ message: String?) -> [Action] {
        guard let request = self.running[id], let token = request.progressToken, step > request.lastStep else {
            return []
        }
        self.running[id]?.lastStep = step
        var params: JSONObject = ["progressToken": token, "progress": .integer(Int64(step))]
        if let message { params["message"] = .string(message) }
        return [
            self.send(.notification(method: "notifications/progress", params: params), .answer(id), request.version)
        ]
    }

    private func changed(_ lists: Set<List>) -> [Action] {
        var actions: [Action] = []
        for list in List.allCases where lists.contains(list) {
            if let version {
                actions.append(self.send(.notification(method: list.method, params: [:]), .general, version))
            }
            for (id, request) in self.running.sorted(by: { "\($0.key)" < "\($1.key)" })
            where request.lists?.contains(list) == true {
                let params: JSONObject = ["_meta": [MCPMeta.subscriptionID: id.json]]
                let message = MCPMessage.notification(method: list.method, params: params)
                actions.append(self.send(message, .answer(id), request.version))
            }
        }
        return actions
    }

    private mutating func closing() -> [Action] {
        var actions: [Action] = []
        for (id, request) in self.running.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            guard request.lists != nil else {
                actions.append(.cancel(id))
                continue
            }
            let result = MCPResult.complete(
                ["_meta": [MCPMeta.subscriptionID: id.json]],
                request.version,
                from: self.profile.server
            )
            actions.append(self.send(.result(id: id, result), .answer(id), request.version))
        }
        self.running = [:]
        self.phase = .ended
        return actions
    }

    private func send(_ message: MCPMessage, _ route: Route, _ version: MCPVersion?) -> Action {
        .send(message.json(version), route)
    }
}

extension MCPServerStateMachine.List {
    fileprivate var filterKey: String {
        switch self {
        case .prompts: "promptsListChanged"
        case .resources: "resourcesListChanged"
        }
    }

    fileprivate var method: String { "notifications/\(self.rawValue)/list_changed" }
}
