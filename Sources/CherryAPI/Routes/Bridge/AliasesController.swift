import CherryBridge
import CherryCore
import CherryStore
import Hummingbird

/// Names for routes: which models answer to `fast`, `smart` or `private`, and how they are gone through.
struct AliasesController: Sendable {
    private static let weights: ClosedRange<Int64> = 1...1000
    private static let milliseconds: ClosedRange<Int64> = 1...86_400_000
    private static let hedge: ClosedRange<Int64> = 10...600_000
    private static let retries: ClosedRange<Int64> = 0...10
    private static let targetLimit = 16

    let store: SealedStore
    let clock: WallClock

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/aliases") { call in
            try call.query().finish()
            return .json(Items(items: try await self.store.list(ModelAlias.self).map { Envelope($0) }))
        }
        routes.post("/api/v1/aliases") { try await self.create($0) }
        routes.patch("/api/v1/aliases/{id}") { try await self.change($0) }
        routes.delete("/api/v1/aliases/{id}") { call in
            let alias = try await self.alias(call)
            try await self.store.delete(.aliases, alias.value.id)
            return .noContent()
        }
    }

    private func create(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let now = self.clock.now
        var alias = ModelAlias(
            id: try fields.optionalID("id") ?? .make(at: now),
            name: try fields.text("name", .aliasName),
            targets: [],
            createdAt: now
        )
        try Self.read(&fields, into: &alias)
        try fields.finish()
        if let existing = try await self.store.get(ModelAlias.self, alias.id) { return .json(Envelope(existing)) }
        try await self.check(alias)
        let (record, isNew) = try await self.store.create(alias)
        return .json(Envelope(record), status: isNew ? .created : .ok)
    }

    private func change(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let version = try fields.baseVersion()
        let current = try await self.alias(call)
        var alias = current.value
        if let name = try fields.optionalText("name", .aliasName) { alias.name = name }
        try Self.read(&fields, into: &alias)
        try fields.finish()
        alias.updatedAt = self.clock.now
        try await self.check(alias)
        let changed = alias
        return .json(Envelope(try await self.store.edit(current, basedOn: version) { $0 = changed }))
    }

    private static func read(_ fields: inout Fields, into alias: inout ModelAlias) throws {
        if let strategy = try fields.optionalChoice("strategy", of: ModelAlias.Strategy.self) {
            alias.strategy = strategy
        }
        if let targets = try fields.optionalObjects("targets", atMost: Self.targetLimit) {
            alias.targets = try targets.map { target in
                var fields = target
                let model = ModelReference(
                    providerID: try fields.id("providerID"),
                    model: try fields.text("model", .modelName)
                )
                let weight = try fields.optionalInteger("weight", in: Self.weights) ?? 1
                try fields.finish()
                return ModelAlias.Target(model: model, weight: Int(weight))
            }
        }
        if let staysLocal = try fields.optionalBool("staysLocal") { alias.staysLocal = staysLocal }
        if let goesOn = try fields.optionalBool("continuesAfterFirstToken") { alias.continuesAfterFirstToken = goesOn }
        if let retries = try fields.optionalInteger("retries", in: Self.retries) { alias.retries = Int(retries) }
        try fields.editInteger("hedgeAfterMilliseconds", in: Self.hedge).apply(to: &alias.hedgeAfterMilliseconds)
        if var limits = try fields.optionalObject("limits") {
            try limits.editInteger("connectMilliseconds", in: Self.milliseconds)
                .apply(to: &alias.limits.connectMilliseconds)
            try limits.editInteger("firstTokenMilliseconds", in: Self.milliseconds)
                .apply(to: &alias.limits.firstTokenMilliseconds)
            try limits.editInteger("gapMilliseconds", in: Self.milliseconds).apply(to: &alias.limits.gapMilliseconds)
            try limits.editInteger("totalMilliseconds", in: Self.milliseconds)
                .apply(to: &alias.limits.totalMilliseconds)
            try limits.finish()
        }
    }

    /// Refuses what could not be asked for, or would not do what it says.
    private func check(_ alias: ModelAlias) async throws {
        guard !alias.targets.isEmpty else { throw APIError.invalid("targets: must name at least one model.") }
        let name = alias.name.lowercased()
        let isTaken = try await self.store.list(ModelAlias.self).contains {
            $0.value.id != alias.id && $0.value.name.lowercased() == name
        }
        guard !isTaken else { throw APIError(.conflict, "nameTaken", "There is an alias of this name already.") }
        let providers = Dictionary(
            try await self.store.list(Provider.self).map { ($0.value.id, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        for (index, target) in alias.targets.enumerated() {
            if target.model.providerID == ModelReference.localProvider { continue }
            guard let provider = providers[target.model.providerID] else {
                throw APIError.invalid("targets.\(index).providerID: there is no such provider.")
            }
            guard !alias.staysLocal || provider.keepsLocal(target.model.model) else {
                throw APIError.invalid("targets.\(index): is not on this machine, where the alias is to stay.")
            }
        }
    }

    private func alias(_ call: Call) async throws -> Versioned<ModelAlias> {
        try await self.store.require(ModelAlias.self, try call.id(of: "alias"), called: "alias")
    }
}
