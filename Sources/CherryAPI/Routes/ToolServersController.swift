import CherryAssistant
import CherryBridge
import CherryCore
import CherryStore
import Foundation
import Hummingbird

/// Servers whose tools models may call: the user's list, their credentials, and what they offer.
struct ToolServersController: Sendable {
    private enum Kind: String, CaseIterable {
        case command, http
    }

    private struct Tool: Encodable {
        let name: String
        let title: String?
        let description: String?
        let saysReadOnly: Bool
        let permission: ToolServer.Permission
        let isReadOnly: Bool
    }

    private struct Test: Encodable {
        let ok: Bool
        let latencyMilliseconds: Int64
        let server: String?
        let revision: String?
        let tools: [Tool]
        let error: FailureView?
    }

    private let store: SealedStore
    private let tools: ToolServers
    private let clock: WallClock
    private let audit: AuditTrail

    /// Creates the controller.
    init(store: SealedStore, tools: ToolServers, clock: WallClock, audit: AuditTrail) {
        self.store = store
        self.tools = tools
        self.clock = clock
        self.audit = audit
    }

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/servers") { try await self.list($0) }
        routes.post("/api/v1/servers") { try await self.create($0) }
        routes.patch("/api/v1/servers/{id}") { try await self.change($0) }
        routes.delete("/api/v1/servers/{id}") { try await self.remove($0) }
        routes.post("/api/v1/servers/{id}/test", pace: .long) { try await self.test($0) }
    }

    private func list(_ call: Call) async throws -> Response {
        try call.query().finish()
        let servers = try await self.store.list(ToolServer.self)
        let keys = Set(try await self.store.list(StoredSecret.self).map(\.value.id))
        return .json(
            Items(
                items: servers.map { server in
                    Envelope(server, as: ToolServerView(server.value, hasCredential: keys.contains(server.value.id)))
                }
            )
        )
    }

    private func create(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let now = self.clock.now
        var server = ToolServer(
            id: try fields.optionalID("id") ?? .make(at: now),
            name: try fields.text("name", .name),
            endpoint: try Self.endpoint(try fields.object("endpoint")),
            createdAt: now
        )
        let credential = try Self.settings(&fields, of: &server)
        try fields.finish()
        if let existing = try await self.store.get(ToolServer.self, server.id) {
            return .json(try await self.view(existing))
        }
        let stored = try await self.store(server, basedOn: 0, credential: credential)
        await self.audit.record(.serverAdded, by: try call.session)
        return .json(try await self.view(stored), status: .created)
    }

    private func change(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let version = try fields.baseVersion()
        let current = try await self.server(call)
        var server = current.value
        if let name = try fields.optionalText("name", .name) { server.name = name }
        if let endpoint = try fields.optionalObject("endpoint") { server.endpoint = try Self.endpoint(endpoint) }
        let credential = try Self.settings(&fields, of: &server)
        try fields.finish()
        guard current.version == version else { throw try await self.conflict(with: current) }
        server.updatedAt = self.clock.now
        let stored = try await self.store(server, basedOn: version, credential: credential)
        self.tools.close(server.id)
        return .json(try await self.view(stored))
    }

    private func remove(_ call: Call) async throws -> Response {
        let server = try await self.server(call)
        var batch = SealedBatch()
        batch.delete(.servers, server.value.id, basedOn: server.version)
        if let secret = try await self.store.get(StoredSecret.self, server.value.id) {
            batch.delete(.secrets, server.value.id, basedOn: secret.version)
        }
        do {
            try await self.store.commit(batch)
        } catch let error as StoreError where error.code == .conflict {
            throw try await self.conflict(with: self.store.get(ToolServer.self, server.value.id))
        }
        self.tools.close(server.value.id)
        await self.audit.record(.serverRemoved, by: try call.session)
        return .noContent()
    }

    private func test(_ call: Call) async throws -> Response {
        let server = try await self.server(call).value
        let test = try await self.tools.test(server.id)
        let (seconds, attoseconds) = test.latency.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        switch test.outcome {
        case .success(let (peer, tools)):
            let name = peer.server.map { "\($0.name) \($0.version)" }
            return .json(
                Test(
                    ok: true,
                    latencyMilliseconds: milliseconds,
                    server: name.map { String($0.prefix(200)) },
                    revision: peer.version.rawValue,
                    tools: tools.map { tool in
                        Tool(
                            name: tool.name,
                            title: tool.title,
                            description: tool.description,
                            saysReadOnly: tool.isReadOnly,
                            permission: server.permission(of: tool.name),
                            isReadOnly: server.isReadOnly(tool.name, hint: tool.isReadOnly)
                        )
                    },
                    error: nil
                )
            )
        case .failure(let error):
            return .json(
                Test(
                    ok: false,
                    latencyMilliseconds: milliseconds,
                    server: nil,
                    revision: nil,
                    tools: [],
                    error: FailureView(error)
                )
            )
        }
    }

    // MARK: Fields

    private static func endpoint(_ fields: Fields) throws -> ToolServer.Endpoint {
        var fields = fields
        let endpoint: ToolServer.Endpoint
        switch try fields.choice("kind", of: Kind.self) {
        case .command:
            var credential: String?
            let program = try fields.text("program", .program)
            let arguments = try fields.optionalTexts("arguments", .argument, atMost: 64) ?? []
            let environment = try fields.optionalTexts("environment", .variable, atMost: 64)
            try fields.editText("credentialVariable", .variable).apply(to: &credential)
            endpoint = .command(
                program: program,
                arguments: arguments,
                environment: environment ?? ToolServer.usualEnvironment,
                credential: credential
            )
        case .http: endpoint = .http(url: try fields.text("url", .baseURL))
        }
        try fields.finish()
        return endpoint
    }

    /// Reads what may be set of any server.
    ///
    /// - Returns: what is said of its credential.
    private static func settings(_ fields: inout Fields, of server: inout ToolServer) throws -> Edit<String> {
        if let permission = try fields.optionalChoice("permission", of: ToolServer.Permission.self) {
            server.permission = permission
        }
        if let rules = try fields.optionalMembers("rules", atMost: 500) {
            server.rules = [:]
            for (name, rule) in rules {
                var rule = rule
                server.rules[name] = ToolServer.Rule(
                    permission: try rule.choice("permission", of: ToolServer.Permission.self),
                    isReadOnly: try rule.optionalBool("isReadOnly")
                )
                try rule.finish()
            }
        }
        if let isTrusted = try fields.optionalBool("isTrusted") { server.isTrusted = isTrusted }
        if let seconds = try fields.optionalInteger("timeoutSeconds", in: 1...3600) {
            server.timeoutSeconds = Int(seconds)
        }
        if let allows = try fields.optionalBool("allowsPrivateAddresses") { server.allowsPrivateAddresses = allows }
        if let isEnabled = try fields.optionalBool("isEnabled") { server.isEnabled = isEnabled }
        return try fields.editText("credential", .apiKey)
    }

    // MARK: The store

    private func server(_ call: Call) async throws -> Versioned<ToolServer> {
        try await self.store.require(ToolServer.self, try call.id(of: "server"), called: "server")
    }

    /// Stores a server and what is said of its credential, together or not at all.
    private func store(
        _ server: ToolServer,
        basedOn version: Int64,
        credential: Edit<String>
    ) async throws -> Versioned<ToolServer> {
        var batch = SealedBatch()
        try batch.put(server, basedOn: version)
        let known = try await self.store.get(StoredSecret.self, server.id)
        switch credential {
        case .keep: break
        case .clear:
            if let known { batch.delete(.secrets, server.id, basedOn: known.version) }
        case .set(let value):
            let secret = StoredSecret(id: server.id, value: value, createdAt: self.clock.now)
            try batch.put(secret, basedOn: known?.version ?? 0)
        }
        do {
            return Versioned(server, storedAs: try await self.store.commit(batch)[0])
        } catch let error as StoreError where error.code == .conflict {
            throw try await self.conflict(with: self.store.get(ToolServer.self, server.id))
        }
    }

    private func view(_ record: Versioned<ToolServer>) async throws -> Envelope<ToolServerView> {
        let hasCredential = try await self.store.get(StoredSecret.self, record.value.id) != nil
        return Envelope(record, as: ToolServerView(record.value, hasCredential: hasCredential))
    }

    private func conflict(with current: Versioned<ToolServer>?) async throws -> APIError {
        guard let current else { return .conflict(current: nil) }
        return .conflict(current: JSON.encode(try await self.view(current)))
    }
}

extension TextRule {
    /// A program's name or path.
    fileprivate static let program = TextRule(minimum: 1, maximum: 1024)
    fileprivate static let argument = TextRule(maximum: 4096)
    /// The name of an environment variable.
    fileprivate static let variable = TextRule(minimum: 1, maximum: 100) { text in
        let isName = text.utf8.enumerated().allSatisfy { index, byte in
            byte == UInt8(ascii: "_") || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || (index > 0 && (0x30...0x39).contains(byte))
        }
        return isName ? nil : "must be the name of a variable: letters, digits and underscores"
    }
}
