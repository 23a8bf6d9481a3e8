import CherryBridge
import CherryCore
import CherryStore
import Hummingbird

/// What models cost: the user's own prices, and those that come with the program.
struct PricesController: Sendable {
    private struct BuiltIn: Encodable {
        let pattern: String
        let rates: TokenRates
        let asOf: String
    }

    private struct Prices: Encodable {
        let items: [Envelope<ModelPrice>]
        let builtIn: [BuiltIn]
    }

    private static let amounts: ClosedRange<Int64> = 0...1_000_000_000_000

    let store: SealedStore
    let clock: WallClock

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/prices") { call in
            try call.query().finish()
            let items = try await self.store.list(ModelPrice.self).map { Envelope($0) }
            let builtIn = PriceTable.builtIn.map { BuiltIn(pattern: $0.pattern, rates: $0.rates, asOf: $0.asOf) }
            return .json(Prices(items: items, builtIn: builtIn))
        }
        routes.post("/api/v1/prices") { try await self.create($0) }
        routes.patch("/api/v1/prices/{id}") { try await self.change($0) }
        routes.delete("/api/v1/prices/{id}") { call in
            try await self.store.delete(.prices, try await self.price(call).value.id)
            return .noContent()
        }
    }

    private func create(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let now = self.clock.now
        var price = ModelPrice(
            id: try fields.optionalID("id") ?? .make(at: now),
            pattern: try fields.text("pattern", .modelPattern),
            rates: try Self.rates(try fields.object("rates")),
            updatedAt: now
        )
        try fields.editID("providerID").apply(to: &price.providerID)
        try fields.finish()
        let (record, isNew) = try await self.store.create(price)
        return .json(Envelope(record), status: isNew ? .created : .ok)
    }

    private func change(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let version = try fields.baseVersion()
        let pattern = try fields.optionalText("pattern", .modelPattern)
        let rates = try fields.optionalObject("rates").map(Self.rates)
        let providerID = try fields.editID("providerID")
        try fields.finish()
        let now = self.clock.now
        let changed = try await self.store.edit(try await self.price(call), basedOn: version) { price in
            if let pattern { price.pattern = pattern }
            if let rates { price.rates = rates }
            providerID.apply(to: &price.providerID)
            price.updatedAt = now
        }
        return .json(Envelope(changed))
    }

    private static func rates(_ object: Fields) throws -> TokenRates {
        var fields = object
        var rates = TokenRates(
            input: try fields.integer("input", in: Self.amounts),
            output: try fields.integer("output", in: Self.amounts)
        )
        try fields.editInteger("cachedInput", in: Self.amounts).apply(to: &rates.cachedInput)
        try fields.editInteger("cacheWrite", in: Self.amounts).apply(to: &rates.cacheWrite)
        try fields.editInteger("reasoning", in: Self.amounts).apply(to: &rates.reasoning)
        try fields.finish()
        return rates
    }

    private func price(_ call: Call) async throws -> Versioned<ModelPrice> {
        try await self.store.require(ModelPrice.self, try call.id(of: "price"), called: "price")
    }
}
