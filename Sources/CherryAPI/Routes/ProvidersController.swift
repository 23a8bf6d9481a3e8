import CherryAssistant
import CherryBridge
import CherryCore
import CherryStore
import Foundation
import Hummingbird

/// Language-model services: the user's list, their keys, and what they offer.
struct ProvidersController: Sendable {
    private struct Test: Encodable {
        let ok: Bool
        let latencyMilliseconds: Int64
        let models: [String]
        let error: FailureView?
    }

    private static let contextRange: ClosedRange<Int64> = 256...10_000_000

    private let store: SealedStore
    private let models: ModelDirectory
    private let clock: WallClock
    private let audit: AuditTrail

    /// Creates the controller.
    init(dependencies: APIDependencies, audit: AuditTrail) {
        self.store = dependencies.store
        self.models = dependencies.models
        self.clock = dependencies.wallClock
        self.audit = audit
    }

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/providers") { try await self.list($0) }
        routes.post("/api/v1/providers") { try await self.create($0) }
        routes.patch("/api/v1/providers/{id}") { try await self.change($0) }
        routes.delete("/api/v1/providers/{id}") { try await self.remove($0) }
        routes.post("/api/v1/providers/{id}/test") { try await self.test($0) }
        routes.get("/api/v1/provider-kinds") { call in
            try call.query().finish()
            return .json(Items(items: ProviderProfile.all.map(ProviderKindView.init)))
        }
        routes.get("/api/v1/models") { call in
            try call.query().finish()
            return .json(ModelsView(try await self.models.available()))
        }
    }

    private func list(_ call: Call) async throws -> Response {
        try call.query().finish()
        let providers = try await self.store.list(Provider.self)
        let keys = Set(try await self.store.list(StoredSecret.self).map(\.value.id))
        return .json(
            Items(
                items: providers.map { provider in
                    Envelope(
                        provider,
                        as: ProviderView(provider: provider.value, hasKey: keys.contains(provider.value.id))
                    )
                }
            )
        )
    }

    private func create(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let now = self.clock.now
        var provider = Provider(
            id: try fields.optionalID("id") ?? .make(at: now),
            name: try fields.text("name", .name),
            kind: try fields.choice("kind", of: Provider.Kind.self),
            baseURL: try fields.text("baseURL", .baseURL),
            createdAt: now
        )
        try fields.editText("defaultModel", .modelName).apply(to: &provider.defaultModel)
        let contextLength = try fields.editInteger("contextLength", in: Self.contextRange)
        if case .set(let tokens) = contextLength { provider.contextLength = Int(tokens) }
        let key = try fields.editText("apiKey", .apiKey)
        provider.isEnabled = try fields.optionalBool("isEnabled") ?? true
        // Whoever writes a private address means it; of a name one must say so.
        provider.allowsPrivateAddresses = try fields.optionalBool("allowsPrivateAddresses") ?? false
        try fields.finish()
        guard provider.id != ModelReference.localProvider else {
            throw APIError.invalid("id: is that of the built-in model.")
        }
        if let existing = try await self.store.get(Provider.self, provider.id) {
            return .json(try await self.view(existing))
        }
        let record = try await self.store(provider, basedOn: 0, key: key)
        await self.audit.record(.providerAdded, by: try call.session)
        return .json(try await self.view(record), status: .created)
    }

    private func change(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let version = try fields.baseVersion()
        let name = try fields.optionalText("name", .name)
        let kind = try fields.optionalChoice("kind", of: Provider.Kind.self)
        let baseURL = try fields.optionalText("baseURL", .baseURL)
        let defaultModel = try fields.editText("defaultModel", .modelName)
        let contextLength = try fields.editInteger("contextLength", in: Self.contextRange)
        let key = try fields.editText("apiKey", .apiKey)
        let isEnabled = try fields.optionalBool("isEnabled")
        let allowsPrivate = try fields.optionalBool("allowsPrivateAddresses")
        try fields.finish()
        let current = try await self.provider(call)
        guard current.version == version else { throw try await self.conflict(with: current) }
        var provider = current.value
        if let name { provider.name = name }
        if let kind { provider.kind = kind }
        if let baseURL { provider.baseURL = baseURL }
        defaultModel.apply(to: &provider.defaultModel)
        switch contextLength {
        case .keep: break
        case .clear: provider.contextLength = nil
        case .set(let tokens): provider.contextLength = Int(tokens)
        }
        if let isEnabled { provider.isEnabled = isEnabled }
        if let allowsPrivate { provider.allowsPrivateAddresses = allowsPrivate }
        provider.updatedAt = self.clock.now
        return .json(try await self.view(try await self.store(provider, basedOn: version, key: key)))
    }

    private func remove(_ call: Call) async throws -> Response {
        let provider = try await self.provider(call)
        var batch = SealedBatch()
        batch.delete(.providers, provider.value.id, basedOn: provider.version)
        if let secret = try await self.store.get(StoredSecret.self, provider.value.id) {
            batch.delete(.secrets, provider.value.id, basedOn: secret.version)
        }
        do {
            try await self.store.commit(batch)
        } catch let error as StoreError where error.code == .conflict {
            throw try await self.conflict(with: self.store.get(Provider.self, provider.value.id))
        }
        await self.audit.record(.providerRemoved, by: try call.session)
        return .noContent()
    }

    private func test(_ call: Call) async throws -> Response {
        let id = try call.id(of: "provider")
        let test = try await self.models.test(id)
        let (seconds, attoseconds) = test.latency.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        switch test.outcome {
        case .success(let models):
            return .json(Test(ok: true, latencyMilliseconds: milliseconds, models: models.map(\.id), error: nil))
        case .failure(let error):
            return .json(Test(ok: false, latencyMilliseconds: milliseconds, models: [], error: FailureView(error)))
        }
    }

    /// Stores a provider and what is said of its key, together or not at all.
    private func store(_ provider: Provider, basedOn version: Int64, key: Edit<String>) async throws
        -> Versioned<Provider>
    {
        var batch = SealedBatch()
        try batch.put(provider, basedOn: version)
        let known = try await self.store.get(StoredSecret.self, provider.id)
        switch key {
        case .keep: break
        case .clear:
            if let known { batch.delete(.secrets, provider.id, basedOn: known.version) }
        case .set(let value):
            let secret = StoredSecret(id: provider.id, value: value, createdAt: self.clock.now)
            try batch.put(secret, basedOn: known?.version ?? 0)
        }
        do {
            return Versioned(provider, storedAs: try await self.store.commit(batch)[0])
        } catch let error as StoreError where error.code == .conflict {
            throw try await self.conflict(with: self.store.get(Provider.self, provider.id))
        }
    }

    private func provider(_ call: Call) async throws -> Versioned<Provider> {
        try await self.store.require(Provider.self, try call.id(of: "provider"), called: "provider")
    }

    private func view(_ record: Versioned<Provider>) async throws -> Envelope<ProviderView> {
        let hasKey = try await self.store.get(StoredSecret.self, record.value.id) != nil
        return Envelope(record, as: ProviderView(provider: record.value, hasKey: hasKey))
    }

    private func conflict(with current: Versioned<Provider>?) async throws -> APIError {
        guard let current else { return .conflict(current: nil) }
        return .conflict(current: JSON.encode(try await self.view(current)))
    }
}
