public import CherryBridge
public import CherryCore
public import CherryStore
import Foundation
public import ServiceLifecycle
import Synchronization

/// The user's tool servers: connects when tools are needed, keeps connections while they are used, calls.
///
/// Connections are made while `run()` runs. They end when they are not used for a while, when what the user set of the
/// server changes, and at a lock.
public final class ToolServers: Sendable, Service {
    /// What this needs.
    public struct Dependencies: Sendable {
        public var store: SealedStore
        /// The program's version, as servers are told it.
        public var version: String
        /// Makes the channel to a server, with its credential.
        public var makeChannel: @Sendable (ToolServer, Secret<String>?) throws -> any MCPChannel

        /// Lists what this needs.
        public init(
            store: SealedStore,
            version: String,
            makeChannel: @escaping @Sendable (ToolServer, Secret<String>?) throws -> any MCPChannel
        ) {
            self.store = store
            self.version = version
            self.makeChannel = makeChannel
        }
    }

    /// The tools of all servers, and the servers that could not say what they have.
    public struct Offers: Sendable {
        public let tools: [ToolOffer]
        /// By what the user calls them.
        public let unreachable: [String]
    }

    /// How a server did when it was tried.
    public struct Test: Sendable {
        public let latency: Duration
        public let outcome: Result<(peer: MCPClientStateMachine.Peer, tools: [MCPRemoteTool]), BridgeError>
    }

    private struct Connection {
        /// What it was made for.
        let endpoint: ToolServer.Endpoint
        let credential: Secret<String>?
        let client: MCPClient
        let end: AsyncStream<Void>.Continuation
        var lastUse: ContinuousClock.Instant
        var tools: (version: Int, list: [MCPRemoteTool])?
    }

    /// One connection to keep until it is ended.
    private struct Job: Sendable {
        let client: MCPClient
        let ending: AsyncStream<Void>
    }

    /// How long a connection may go unused.
    private static let idleLimit = Duration.seconds(600)
    /// How long a turn waits for servers to say what tools they have.
    private static let listPatience = Duration.seconds(15)

    private let dependencies: Dependencies
    private let connections = Mutex<[RecordID: Connection]>([:])
    private let jobs = AsyncStream.makeStream(of: Job.self)

    /// Creates it without connections.
    public init(_ dependencies: Dependencies) { self.dependencies = dependencies }

    /// Keeps connections until shutdown.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.endIdle() }
            for await job in self.jobs.stream.cancelOnGracefulShutdown() {
                group.addTask { await Self.keep(job) }
            }
            group.cancelAll()
        }
    }

    private static func keep(_ job: Job) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await job.client.run() }
            group.addTask { for await _ in job.ending {} }
            await group.next()
            group.cancelAll()
        }
    }

    private func endIdle() async {
        // Cancelled: it is over.
        while (try? await Task.sleep(for: .seconds(60))) != nil {
            let old = self.connections.withLock { connections in
                let now = ContinuousClock.now
                let old = connections.filter { $0.value.lastUse + Self.idleLimit < now || $0.value.client.hasEnded }
                for id in old.keys { connections[id] = nil }
                return Array(old.values)
            }
            for connection in old { connection.end.finish() }
        }
    }

    /// Ends the connection to a server.
    public func close(_ id: RecordID) {
        self.connections.withLock { $0.removeValue(forKey: id) }?.end.finish()
    }

    /// Ends every connection: the vault was locked.
    public func closeAll() {
        let all = self.connections.withLock { connections in
            defer { connections = [:] }
            return Array(connections.values)
        }
        for connection in all { connection.end.finish() }
    }

    // MARK: Tools

    /// The tools of all servers that are switched on, in an order that stays the same; those that are never to be
    /// called are left out.
    public func offers() async throws -> Offers {
        let servers = try await self.dependencies.store.list(ToolServer.self).map(\.value).filter(\.isEnabled)
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        let lists = await withTaskGroup(of: (RecordID, [MCPRemoteTool]?).self) { group in
            for server in servers {
                group.addTask { (server.id, try? await self.tools(of: server)) }
            }
            return await group.reduce(into: [RecordID: [MCPRemoteTool]]()) { $0[$1.0] = $1.1 }
        }
        var tools: [ToolOffer] = []
        var names: Set<String> = []
        for server in servers {
            for tool in (lists[server.id] ?? []).sorted(by: { $0.name < $1.name }) {
                let permission = server.permission(of: tool.name)
                guard permission != .never else { continue }
                let name = ToolName.make(server: server.name, tool: tool.name, besides: names)
                names.insert(name)
                tools.append(
                    ToolOffer(
                        name: name,
                        serverID: server.id,
                        server: server.name,
                        tool: tool.name,
                        description: tool.description ?? tool.title,
                        input: tool.input,
                        permission: permission,
                        isReadOnly: server.isReadOnly(tool.name, hint: tool.isReadOnly)
                    )
                )
            }
        }
        return Offers(tools: tools, unreachable: servers.filter { lists[$0.id] == nil }.map(\.name))
    }

    private func tools(of server: ToolServer) async throws -> [MCPRemoteTool] {
        let client = try await self.client(for: server)
        let version = client.toolsVersion
        if let known = self.connections.withLock({ $0[server.id]?.tools }), known.version == version {
            return known.list
        }
        let list = try await client.tools()
        self.connections.withLock { connections in
            guard connections[server.id]?.client === client else { return }
            connections[server.id]?.tools = (version, list)
        }
        return list
    }

    /// Calls a tool.
    ///
    /// - Throws: `BridgeError`, `CancellationError`.
    public func call(_ offer: ToolOffer, _ arguments: JSONObject) async throws -> MCPToolAnswer {
        guard let server = try await self.dependencies.store.get(ToolServer.self, offer.serverID)?.value,
            server.isEnabled,
            let tool = try await self.tools(of: server).first(where: { $0.name == offer.tool })
        else {
            throw BridgeError(.unsupported, message: "The tool is not there any more.")
        }
        let client = try await self.client(for: server)
        return try await client.call(tool, arguments, patience: .seconds(server.timeoutSeconds))
    }

    /// Keeps what the user says of a tool.
    public func remember(_ permission: ToolServer.Permission, of offer: ToolOffer) async throws {
        try await self.dependencies.store.update(ToolServer.self, offer.serverID) { server in
            var rule = server.rules[offer.tool] ?? ToolServer.Rule(permission: permission)
            rule.permission = permission
            server.rules[offer.tool] = rule
        }
    }

    /// Tries a server, on a connection of its own.
    ///
    /// - Throws: `AssistantError` with code `.notFound`.
    public func test(_ id: RecordID) async throws -> Test {
        guard let server = try await self.dependencies.store.get(ToolServer.self, id)?.value else {
            throw AssistantError(.notFound, message: "There is no such server.")
        }
        self.close(id)
        let start = ContinuousClock.now
        do {
            let client = try await self.client(for: server)
            let peer = try await client.peer()
            let tools = try await client.tools()
            return Test(latency: start.duration(to: .now), outcome: .success((peer, tools)))
        } catch let error as BridgeError {
            return Test(latency: start.duration(to: .now), outcome: .failure(error))
        }
    }

    // MARK: Connections

    /// The connection to a server: the one that is there, or a new one.
    private func client(for server: ToolServer) async throws -> MCPClient {
        let secret = try await self.dependencies.store.get(StoredSecret.self, server.id)?.value
        let credential = secret.map { Secret($0.value) }
        let (known, outdated) = self.connections.withLock { connections -> (MCPClient?, Connection?) in
            guard let known = connections[server.id] else { return (nil, nil) }
            if known.endpoint == server.endpoint, known.credential == credential, !known.client.hasEnded {
                connections[server.id]?.lastUse = .now
                return (known.client, nil)
            }
            connections[server.id] = nil
            return (nil, known)
        }
        outdated?.end.finish()
        if let known { return known }
        let client = MCPClient(
            try self.dependencies.makeChannel(server, credential),
            version: self.dependencies.version,
            patience: min(.seconds(server.timeoutSeconds), Self.listPatience)
        )
        let (ending, continuation) = AsyncStream.makeStream(of: Void.self)
        let connection = Connection(
            endpoint: server.endpoint,
            credential: credential,
            client: client,
            end: continuation,
            lastUse: .now
        )
        // Somebody else may have connected meanwhile; one connection is enough.
        let winner = self.connections.withLock { connections -> MCPClient in
            if let other = connections[server.id], !other.client.hasEnded { return other.client }
            connections[server.id] = connection
            return client
        }
        if winner === client { self.jobs.continuation.yield(Job(client: client, ending: ending)) }
        return winner
    }
}

/// Names under which models call tools: what every provider takes, at most 64 letters, digits, hyphens and underscores.
enum ToolName {
    private static let serverLength = 20
    private static let length = 60

    /// `server__tool`, with a number where that is taken.
    static func make(server: String, tool: String, besides taken: Set<String>) -> String {
        let server = self.plain(server.lowercased()).prefix(self.serverLength)
        let name = String("\(server.isEmpty ? "tools" : server)__\(self.plain(tool))".prefix(self.length))
        guard taken.contains(name) else { return name }
        return (2...).lazy.map { "\(name)_\($0)" }.first { !taken.contains($0) } ?? name
    }

    private static func plain(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") ? $0 : "_" })
    }
}
