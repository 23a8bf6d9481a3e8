import CherryBridge
import CherryCore
import CherryVault
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers a request to open a WebSocket to the hub: checks who asks and from where, then lets the connection go over.
struct HubHandshake: Sendable {
    /// The protocol that is spoken within the WebSocket.
    static let subprotocol = "cherry.hub.1"
    /// Grants of the browser's sessions begin with this, which no id of a token does.
    private static let sessionPrefix = "session:"

    let hub: BridgeHub
    let hosts: KnownHosts
    let vault: Vault
    let sessions: SessionRegistry
    let cookie: SessionCookie
    let authorizer: (any HubAuthorizer)?

    /// Puts the hub together with who may come to it.
    init(_ dependencies: APIDependencies, access: AccessControl) {
        let authorizer = dependencies.hub.authorizer
        let sessions = access.sessions
        self.hub = BridgeHub(
            limits: dependencies.hub.limits,
            feed: HubFeedReader(store: dependencies.store, vault: dependencies.vault),
            topics: dependencies.hub.topics,
            clock: dependencies.clock,
            logger: dependencies.logger,
            isValid: { await Self.isValid($0, sessions, authorizer) }
        )
        self.hosts = KnownHosts(dependencies.configuration)
        self.vault = dependencies.vault
        self.sessions = sessions
        self.cookie = access.cookie
        self.authorizer = authorizer
    }

    /// Answers 101, after which the connection is the hub's, or says why not.
    ///
    /// - Throws: `APIError`.
    func respond(to request: Request, context: AppRequestContext) async throws -> Response {
        guard request.method == .get else { throw APIError.methodNotAllowed([.get]) }
        if let refusal = self.wrongProtocol(request) {
            var response = refusal.response(requestID: context.requestID)
            response.headers[.upgrade] = "websocket"
            response.headers[.connection] = "Upgrade"
            response.headers[.webSocketVersion] = "13"
            return response
        }
        let key = try self.key(of: request)
        let comesFromOwnPage = try self.checkOrigin(of: request)
        guard let unlock = self.vault.state.unlockedSince else { throw APIError.sealed }
        let grant = try await self.grant(of: request, comesFromOwnPage: comesFromOwnPage)
        let place = try await self.admit(grant)
        do {
            // A lock empties the hub; whoever was admitted after that must not stay.
            guard self.vault.state.unlockedSince == unlock else { throw APIError.sealed }
            guard try await self.promise(place, to: context.channel) else { throw APIError.noUpgrade }
        } catch {
            place.leave()
            throw error
        }
        return Response(
            status: .switchingProtocols,
            headers: [
                .upgrade: "websocket", .connection: "Upgrade", .webSocketAccept: Self.accept(key),
                .webSocketProtocol: Self.subprotocol,
            ]
        )
    }

    private static func isValid(
        _ grant: HubGrant,
        _ sessions: SessionRegistry,
        _ authorizer: (any HubAuthorizer)?
    ) async -> Bool {
        guard grant.id.hasPrefix(self.sessionPrefix) else { return await authorizer?.isValid(grant) ?? false }
        guard let id = RecordID(String(grant.id.dropFirst(self.sessionPrefix.count))) else { return false }
        return sessions.isAlive(id)
    }

    // MARK: Checks

    private func wrongProtocol(_ request: Request) -> APIError? {
        guard Self.list(request, .upgrade).contains("websocket"), Self.list(request, .connection).contains("upgrade")
        else {
            return APIError(
                .upgradeRequired,
                "upgradeRequired",
                "The hub speaks WebSocket.",
                hint: "Ask for it with `Connection: Upgrade` and `Upgrade: websocket`."
            )
        }
        guard request.headers[values: .webSocketVersion] == ["13"] else {
            return APIError(.upgradeRequired, "wrongVersion", "The hub speaks version 13 of WebSocket.")
        }
        return nil
    }

    /// The client's key: 16 bytes in base64 (RFC 6455, section 4.2.1).
    private func key(of request: Request) throws -> String {
        let keys = request.headers[values: .webSocketKey]
        guard let key = keys.first, keys.count == 1, Data(base64Encoded: key)?.count == 16 else {
            throw APIError(.badRequest, "badHandshake", "Sec-WebSocket-Key must be 16 bytes in base64.")
        }
        guard request.headers[.transferEncoding] == nil, ["0", nil].contains(request.headers[.contentLength]) else {
            throw APIError(.badRequest, "badHandshake", "A request to open a WebSocket has no body.")
        }
        guard Self.list(request, .webSocketProtocol).contains(Self.subprotocol) else {
            throw APIError(
                .badRequest,
                "wrongProtocol",
                "The hub speaks \(Self.subprotocol).",
                hint: "Ask for it with `Sec-WebSocket-Protocol: \(Self.subprotocol)`."
            )
        }
        return key
    }

    /// - Returns: whether a page of this server asks; a program that is no browser sends no origin.
    private func checkOrigin(of request: Request) throws -> Bool {
        let origins = request.headers[values: .origin]
        guard let origin = origins.first else { return false }
        guard origins.count == 1, self.hosts.isOwn(origin: origin, authority: request.head.authority ?? "") else {
            throw APIError(.forbidden, "wrongOrigin", "The request comes from a page of another site.")
        }
        return true
    }

    private func grant(of request: Request, comesFromOwnPage: Bool) async throws -> HubGrant {
        if let header = request.headers[.authorization] { return try await self.grant(ofBearer: header) }
        // A browser sends the cookie whatever page asks, so the page must say that it is ours.
        guard comesFromOwnPage, let token = self.cookie.token(in: request) else { throw APIError.wrongToken }
        guard let session = try await self.sessions.use(token) else { throw APIError.unauthenticated }
        return HubGrant(id: "\(Self.sessionPrefix)\(session.id)", mayReadContext: true)
    }

    private func grant(ofBearer header: String) async throws -> HubGrant {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw APIError.wrongToken }
        do {
            guard let grant = try await self.authorizer?.authorize(Secret(String(parts[1]))) else {
                throw APIError.wrongToken
            }
            return grant
        } catch let error as BridgeError where error.code == .rateLimited {
            var refusal = APIError(.tooManyRequests, "rateLimited", error.message, hint: error.hint)
            refusal.retryAfter = error.retryAfter ?? .seconds(1)
            throw refusal
        }
    }

    private func admit(_ grant: HubGrant) async throws -> HubPlace {
        do {
            return try await self.hub.admit(grant)
        } catch let problem as HubProblem {
            var error = APIError(.tooManyRequests, "tooManyConnections", problem.message)
            error.hint = "Close a connection first."
            error.retryAfter = .seconds(5)
            throw error
        }
    }

    private func promise(_ place: HubPlace, to channel: any Channel) async throws -> Bool {
        try await channel.eventLoop.submit {
            // Absent where no socket is, as in tests of the router alone.
            guard let handler = try? channel.pipeline.syncOperations.handler(type: HubUpgradeHandler.self) else {
                return false
            }
            return handler.accept(place)
        }.get()
    }

    // MARK: Header fields

    /// RFC 6455, section 4.2.2: the key and a fixed GUID, hashed.
    private static func accept(_ key: String) -> String {
        Data(Insecure.SHA1.hash(data: Data("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))).base64EncodedString()
    }

    /// The items of a header field that holds a list, in lower case.
    private static func list(_ request: Request, _ name: HTTPField.Name) -> [String] {
        request.headers[values: name].flatMap { $0.split(separator: ",") }
            .map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    }
}

extension APIError {
    fileprivate static let wrongToken = APIError(
        .unauthorized,
        "wrongToken",
        "There is no token, or it is unknown, expired or revoked.",
        hint: "Send `Authorization: Bearer ck-…`; the web app makes tokens."
    )

    fileprivate static let noUpgrade = APIError(
        .notImplemented,
        "noUpgrade",
        "This connection cannot become a WebSocket."
    )
}

extension HTTPField.Name {
    fileprivate static let webSocketKey = Self("Sec-WebSocket-Key")!
    fileprivate static let webSocketVersion = Self("Sec-WebSocket-Version")!
    fileprivate static let webSocketProtocol = Self("Sec-WebSocket-Protocol")!
    fileprivate static let webSocketAccept = Self("Sec-WebSocket-Accept")!
}
