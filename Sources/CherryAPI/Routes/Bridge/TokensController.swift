import CherryBridge
import CherryCore
import CherryStore
import Foundation
import Hummingbird

/// What other tools show to come in, and what they may do.
struct TokensController: Sendable {
    private struct Made: Encodable {
        let token: String
        let record: Envelope<TokenView>
    }

    private static let rates: ClosedRange<Int64> = 1...1_000_000
    private static let amounts: ClosedRange<Int64> = 0...1_000_000_000_000_000
    private static let cacheSeconds: ClosedRange<Int64> = 1...2_592_000
    private static let thresholds = 0.8...1
    private static let modelLimit = 100

    private let store: SealedStore
    private let gateway: Gateway
    private let clock: WallClock
    private let audit: AuditTrail

    /// Creates the controller.
    init(dependencies: APIDependencies, audit: AuditTrail) {
        self.store = dependencies.store
        self.gateway = dependencies.gateway
        self.clock = dependencies.wallClock
        self.audit = audit
    }

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/tokens") { call in
            try call.query().finish()
            return .json(Items(items: try await self.store.list(BridgeToken.self).map(self.view)))
        }
        routes.post("/api/v1/tokens") { try await self.create($0) }
        routes.patch("/api/v1/tokens/{id}") { try await self.change($0) }
        routes.delete("/api/v1/tokens/{id}") { try await self.remove($0) }
        routes.post("/api/v1/tokens/{id}/revoke") { try await self.revoke($0) }
    }

    private func create(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let now = self.clock.now
        let (secret, digest, prefix) = TokenDigest.makeToken()
        var token = BridgeToken(
            id: .make(at: now),
            name: try fields.text("name", .name),
            digest: digest.hexadecimal,
            prefix: prefix,
            createdAt: now
        )
        try self.read(&fields, into: &token)
        try fields.finish()
        let record = try await self.store.put(token, basedOn: 0)
        await self.audit.record(.tokenAdded, by: try call.session)
        // The only time that the token itself is told.
        return .json(Made(token: secret.exposed, record: self.view(record)), status: .created)
    }

    private func change(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let version = try fields.baseVersion()
        let current = try await self.token(call)
        var token = current.value
        if let name = try fields.optionalText("name", .name) { token.name = name }
        try self.read(&fields, into: &token)
        try fields.finish()
        let changed = token
        let record = try await self.store.edit(current, basedOn: version, show: { JSON.encode(self.view($0)) }) {
            $0 = changed
        }
        return .json(self.view(record))
    }

    private func read(_ fields: inout Fields, into token: inout BridgeToken) throws {
        try fields.editTexts("models", .modelPattern, atMost: Self.modelLimit).apply(to: &token.models)
        if let access = try fields.optionalChoice("contextAccess", of: BridgeToken.ContextAccess.self) {
            token.contextAccess = access
        }
        try fields.editInteger("requestsPerMinute", in: Self.rates).map(Int.init).apply(to: &token.requestsPerMinute)
        try Self.read(&fields, "daily", into: &token.daily)
        try Self.read(&fields, "monthly", into: &token.monthly)
        try fields.editInteger("cacheSeconds", in: Self.cacheSeconds).map(Int.init).apply(to: &token.cacheSeconds)
        try Self.readSemanticCache(&fields, into: &token)
        let now = self.clock.now
        let expiry = try fields.editInteger("expiresAt", in: Fields.versions).map { Timestamp(milliseconds: $0) }
        if case .set(let time) = expiry, time <= now { throw APIError.invalid("expiresAt: must be in the future.") }
        expiry.apply(to: &token.expiresAt)
    }

    private static func readSemanticCache(_ fields: inout Fields, into token: inout BridgeToken) throws {
        switch try fields.editObject("semanticCache") {
        case .keep: break
        case .clear: token.semanticCache = nil
        case .set(var parts):
            var setting = token.semanticCache ?? BridgeToken.SemanticCache()
            if let threshold = try parts.optionalNumber("threshold", in: Self.thresholds) {
                setting.threshold = threshold
            }
            if let seconds = try parts.optionalInteger("seconds", in: Self.cacheSeconds) {
                setting.seconds = Int(seconds)
            }
            try parts.editText("embeddings", .modelName).apply(to: &setting.embeddings)
            try parts.finish()
            token.semanticCache = setting
        }
        guard token.models != nil, let name = token.semanticCache?.embeddings else { return }
        // Otherwise no question could ever be compared, and nobody would be told why.
        let bare = name.split(separator: "/", maxSplits: 1).last.map(String.init) ?? name
        guard token.allows(modelNamed: [name, bare]) else {
            throw APIError.invalid("semanticCache.embeddings: must be a model that the token may ask for.")
        }
    }

    private static func read(_ fields: inout Fields, _ key: String, into budget: inout BridgeToken.Budget) throws {
        guard var parts = try fields.optionalObject(key) else { return }
        try parts.editInteger("microDollars", in: self.amounts).apply(to: &budget.microDollars)
        try parts.editInteger("tokens", in: self.amounts).apply(to: &budget.tokens)
        try parts.finish()
    }

    /// Closes the way in for good; what was used through it keeps its name.
    private func revoke(_ call: Call) async throws -> Response {
        let id = try await self.token(call).value.id
        let now = self.clock.now
        let record = try await self.store.update(BridgeToken.self, id) { $0.revokedAt = $0.revokedAt ?? now }
        await self.audit.record(.tokenRevoked, by: try call.session)
        return .json(self.view(record))
    }

    private func remove(_ call: Call) async throws -> Response {
        let token = try await self.token(call)
        try await self.store.delete(.tokens, token.value.id)
        await self.audit.record(.tokenRevoked, by: try call.session)
        return .noContent()
    }

    private func token(_ call: Call) async throws -> Versioned<BridgeToken> {
        try await self.store.require(BridgeToken.self, try call.id(of: "token"), called: "token")
    }

    private func view(_ record: Versioned<BridgeToken>) -> Envelope<TokenView> {
        Envelope(record, as: TokenView(record.value, spent: self.gateway.spent(by: record.value.id)))
    }
}
