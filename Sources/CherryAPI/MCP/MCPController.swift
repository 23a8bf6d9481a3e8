import CherryBridge
import CherryCore
import CherryVault
import Foundation
import HTTPTypes
import Hummingbird

/// The Model Context Protocol over streamable HTTP: `/mcp`, in every revision that `MCPVersion` names.
///
/// Source: the specification's pages on transports, 2025-06-18, 2025-11-25 and 2026-07-28.
struct MCPController: Sendable {
    private static let path = "/mcp"

    let authorizer: any MCPAuthorizer
    let sessions: MCPSessions
    let events: MCPEvents
    let hosts: KnownHosts
    let vault: Vault

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        for method in [HTTPRequest.Method.post, .get, .delete] {
            routes.add(Route(method: method, template: Self.path, access: .token)) { call in
                try await self.answer(call)
            }
        }
    }

    private func answer(_ call: Call) async throws -> Response {
        do {
            switch call.request.method {
            case .post: return try await self.post(call)
            case .get: return try await self.get(call)
            default: return try await self.delete(call)
            }
        } catch let refusal as MCPRefusal {
            return refusal.response(Self.version(of: call.request))
        } catch let error as APIError where error.rest == nil {
            return MCPRefusal(error).response(Self.version(of: call.request))
        }
    }

    // MARK: What is checked first

    /// The revision that the headers name, if it is one that is spoken.
    private static func version(of request: Request) -> MCPVersion? {
        request.headers[.mcpProtocolVersion].flatMap { MCPVersion(rawValue: $0) }
    }

    /// A page of another site must not reach a server on this machine through the user's browser.
    private func checkOrigin(of request: Request) throws {
        let origins = request.headers[values: .origin]
        guard let origin = origins.first else { return }
        guard origins.count == 1, self.hosts.isOwn(origin: origin, authority: request.head.authority ?? "") else {
            throw MCPRefusal(.forbidden, "wrongOrigin", "The request comes from a page of another site.")
        }
    }

    private func authorize(_ request: Request) async throws -> MCPGrant {
        let value = request.headers[.authorization] ?? ""
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw MCPRefusal.unauthorized("The request brings no token.")
        }
        let token = Secret(parts[1].trimmingCharacters(in: .whitespaces))
        do {
            return try await self.authorizer.authorize(token)
        } catch let error as any CherryError where error.codeName == "unauthorized" {
            throw MCPRefusal.unauthorized(error.message)
        } catch let error as any CherryError where !error.isSealed {
            var refusal = MCPRefusal(.tooManyRequests, error.codeName, error.message, hint: error.hint)
            refusal.headers[.retryAfter] = "60"
            throw refusal
        }
    }

    /// Whether a client takes answers of this type. One that says nothing takes any.
    private static func accepts(_ type: String, _ request: Request) -> Bool {
        guard let accept = request.headers[.accept]?.lowercased() else { return true }
        let ranges = accept.split(separator: ",").map { range in
            range.split(separator: ";")[0].trimmingCharacters(in: .whitespaces)
        }
        let family = type.prefix { $0 != "/" } + "/*"
        return ranges.contains { $0 == type || $0 == family || $0 == "*/*" }
    }

    // MARK: POST

    private func post(_ call: Call) async throws -> Response {
        let request = call.request
        try self.checkOrigin(of: request)
        guard Self.accepts("application/json", request) else {
            throw MCPRefusal(.notAcceptable, "notAcceptable", "The client must accept application/json.")
        }
        let grant: MCPGrant
        do {
            grant = try await self.authorize(request)
        } catch let error as any CherryError where error.isSealed {
            return try await self.answerSealed(call, error)
        }
        let (message, body) = try await self.message(call)
        guard case .request(let id, let method, let params) = message else {
            return try self.accept(message, request, grant)
        }
        if method == "tools/call" || method == "prompts/get" || method == "resources/read" { self.vault.touch() }
        let declared = request.headers[.mcpProtocolVersion]
        let standsAlone = params["_meta"]?[MCPMeta.protocolVersion] != nil
        if !standsAlone, method != "initialize", let declared, MCPVersion(rawValue: declared) == nil {
            return .mcp(MCPMessage.failure(id: id, .unsupportedVersion(declared)).json(nil), status: .badRequest)
        }
        guard standsAlone || declared.flatMap(MCPVersion.init)?.isStateless == true else {
            return try await self.answer(message, id, method, request, body, grant)
        }
        return try await self.answerAlone(message, id, call, body, grant)
    }

    /// The body as one message, and as what can be read again.
    private func message(_ call: Call) async throws -> (MCPMessage, RequestBody) {
        let type = call.request.headers[.contentType]?.lowercased() ?? ""
        guard type == "application/json" || type.hasPrefix("application/json;") else {
            throw MCPRefusal(.unsupportedMediaType, "unsupportedMediaType", "The body must be application/json.")
        }
        let bytes = try await BodyReader(request: call.request, limit: call.bodyLimit).collect()
        var request = call.request
        request.body = RequestBody(buffer: bytes)
        do {
            return (try MCPMessage(reading: bytes.readableBytesView, limit: call.bodyLimit), request.body)
        } catch {
            throw MCPRefusal(.badRequest, error.failure, id: error.id)
        }
    }

    /// While the vault is locked nobody's token is known, and everybody is told the same.
    private func answerSealed(_ call: Call, _ error: any CherryError) async throws -> Response {
        let message = try await self.message(call).0
        guard case .request(let id, _, let params) = message else { return Response(status: .accepted) }
        let named = params["_meta"]?[MCPMeta.protocolVersion]?.string.flatMap { MCPVersion(rawValue: $0) }
        let version = named ?? Self.version(of: call.request)
        return .mcp(MCPMessage.failure(id: id, MCPFailure(error)).json(version))
    }

    /// Takes a notification or an answer, neither of which is answered.
    private func accept(_ message: MCPMessage, _ request: Request, _ grant: MCPGrant) throws -> Response {
        if let declared = request.headers[.mcpProtocolVersion] {
            guard let version = MCPVersion(rawValue: declared) else {
                throw MCPRefusal(.badRequest, .unsupportedVersion(declared))
            }
            // A client of such a revision cancels by closing the stream; there is nothing else to be told.
            if version.isStateless { return Response(status: .accepted) }
        }
        try self.session(of: request, grant).session.handle(.received(message))
        return Response(status: .accepted)
    }

    // MARK: Sessions

    private func session(of request: Request, _ grant: MCPGrant) throws -> (id: String, session: MCPSession) {
        guard let id = request.headers[.mcpSessionID] else {
            throw MCPRefusal(
                .badRequest,
                "noSession",
                "The request names no session.",
                hint: "Begin with initialize and send the \(MCPHeaders.sessionID) that comes back."
            )
        }
        guard let session = self.sessions.session(id, for: grant) else {
            throw MCPRefusal(.notFound, "noSession", "The session has ended.", hint: "Begin with initialize again.")
        }
        if let declared = request.headers[.mcpProtocolVersion], declared != session.version?.rawValue {
            throw MCPRefusal(.badRequest, .headerMismatch("The session speaks another revision of the protocol."))
        }
        return (id, session)
    }

    private func answer(
        _ message: MCPMessage,
        _ id: MCPRequestID,
        _ method: String,
        _ request: Request,
        _ body: RequestBody,
        _ grant: MCPGrant
    ) async throws -> Response {
        guard method != "initialize" else {
            let session = MCPSession(self.sessions.server.profile, tokenID: grant.token.id)
            let answer = session.receive(id, message, for: grant).answer.answer ?? .null
            guard session.version != nil else { return .mcp(answer) }
            return .mcp(answer, headers: [.mcpSessionID: self.sessions.begin(session)])
        }
        let session = try self.session(of: request, grant).session
        let (stream, jobs) = session.receive(id, message, for: grant)
        for job in jobs { self.sessions.enqueue(job) }
        if jobs.contains(where: \.mayTakeLong), Self.accepts("text/event-stream", request) {
            return try self.events.response(to: body, stream, of: session, grant)
        }
        for await entry in stream.entries() where entry.message["method"] == nil { return .mcp(entry.message) }
        throw MCPRefusal(.notFound, "noSession", "The session ended.", hint: "Begin with initialize again.")
    }

    // MARK: Requests that stand alone

    private func answerAlone(
        _ message: MCPMessage,
        _ id: MCPRequestID,
        _ call: Call,
        _ body: RequestBody,
        _ grant: MCPGrant
    ) async throws -> Response {
        guard case .request(_, let method, let params) = message else { throw APIError.invalid("This is no request.") }
        if params["_meta"]?[MCPMeta.protocolVersion] != nil,
            let mismatch = MCPHeaders.mismatch(method: method, params: params, header: { call.header($0) })
        {
            return .mcp(MCPMessage.failure(id: id, mismatch).json(.july2026), status: .badRequest)
        }
        let session = MCPSession(self.sessions.server.profile, tokenID: grant.token.id)
        let (stream, jobs) = session.receive(id, message, for: grant)
        let takesStreams = Self.accepts("text/event-stream", call.request)
        if stream.isFinished { return Self.response(stream.answer) }
        if jobs.isEmpty || (takesStreams && jobs.contains(where: \.mayTakeLong)) {
            guard takesStreams else {
                throw MCPRefusal(.notAcceptable, "notAcceptable", "The client must accept text/event-stream.")
            }
            return try self.events.response(to: body, stream, of: session, grant, doing: jobs)
        }
        for job in jobs { await job.run(self.sessions.server) }
        return Self.response(stream.answer)
    }

    /// An answer with the status that its error calls for.
    private static func response(_ answer: JSONValue?) -> Response {
        guard let answer else { return MCPRefusal(APIError.timedOut).response(.july2026) }
        let status: HTTPResponse.Status =
            switch answer["error"]?["code"]?.integer {
            case MCPFailure.Code.methodNotFound: .notFound
            case MCPFailure.Code.parseError, MCPFailure.Code.invalidRequest, MCPFailure.Code.invalidParams,
                MCPFailure.Code.headerMismatch, MCPFailure.Code.missingClientCapability,
                MCPFailure.Code.unsupportedVersion:
                .badRequest
            default: .ok
            }
        return .mcp(answer, status: status)
    }

    // MARK: GET and DELETE

    private func get(_ call: Call) async throws -> Response {
        let (session, grant, _) = try await self.openSession(call)
        guard Self.accepts("text/event-stream", call.request) else {
            throw MCPRefusal(.notAcceptable, "notAcceptable", "The client must accept text/event-stream.")
        }
        guard let last = call.request.headers[.lastEventID] else {
            return try self.events.response(to: call.request.body, session.general, of: session, grant)
        }
        guard let place = MCPStream.place(last), let stream = session.stream(place.number) else {
            throw MCPRefusal(.badRequest, "noStream", "That stream is no longer kept.", hint: "Ask again.")
        }
        return try self.events.response(to: call.request.body, stream, of: session, grant, after: place.index)
    }

    private func delete(_ call: Call) async throws -> Response {
        self.sessions.end(try await self.openSession(call).id)
        return .noContent()
    }

    private func openSession(_ call: Call) async throws -> (session: MCPSession, grant: MCPGrant, id: String) {
        let request = call.request
        try self.checkOrigin(of: request)
        if Self.version(of: request)?.isStateless == true { throw APIError.methodNotAllowed([.post]) }
        let grant: MCPGrant
        do {
            grant = try await self.authorize(request)
        } catch let error as any CherryError where error.isSealed {
            throw MCPRefusal(APIError(mapping: error))
        }
        let (id, session) = try self.session(of: request, grant)
        return (session, grant, id)
    }
}

extension MCPSession.Job {
    /// Whether a client should hear of it before it is done: a model thinks for a while.
    fileprivate var mayTakeLong: Bool {
        if case .callTool("ask", _) = self.operation { true } else { false }
    }
}

extension Call {
    /// The value of a header that is there exactly once.
    fileprivate func header(_ name: String) -> String? {
        guard let name = HTTPField.Name(name) else { return nil }
        let values = self.request.headers[values: name]
        return values.count == 1 ? values[0] : nil
    }
}
