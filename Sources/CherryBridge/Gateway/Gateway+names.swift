import CherryCore
import Synchronization

extension Gateway {
    /// Routes that are remembered by the name that was asked for.
    private static let rememberedRoutes = 1024
    /// How long what a provider said of its models holds.
    private static let listingLifetime = Duration.seconds(300)

    /// What a name leads to: an alias, `provider/model`, or a model that exactly one provider has.
    ///
    /// - Throws: `BridgeError` with code `.sealed` or `.unknownModel`.
    func route(to name: String) async throws -> GatewayRoute {
        if let route = try self.knownRoute(to: name) { return route }
        // Only the providers know whether they have it.
        await self.readListings()
        guard let route = try self.knownRoute(to: name) else { throw Self.unknownModel }
        return route
    }

    /// What a choice of the user's leads to.
    ///
    /// - Throws: `BridgeError` with code `.sealed` or `.unknownModel`.
    func route(to reference: ModelReference) throws -> GatewayRoute {
        let catalogue = try self.catalogue()
        if reference.isAlias {
            guard let alias = catalogue.alias(reference.model) else { throw Self.unknownModel }
            return try Self.route(of: alias, in: catalogue)
        }
        guard let member = catalogue.member(reference.providerID) else { throw Self.unknownModel }
        return Self.route(to: reference.model, of: member, in: catalogue)
    }

    /// Every name that a caller may ask for, aliases first, in a stable order.
    public func models(for caller: GatewayCaller) async throws -> [GatewayModel] {
        let catalogue = try self.catalogue()
        await self.readListings()
        let listings = self.state.withLock { $0.listings }
        var models = catalogue.aliases.compactMap { alias -> GatewayModel? in
            let contexts = alias.targets.map { catalogue.member($0.model.providerID)?.contextLength }
            guard alias.targets.contains(where: { catalogue.member($0.model.providerID) != nil }) else { return nil }
            let shortest = contexts.contains(nil) ? nil : contexts.compactMap(\.self).min()
            return GatewayModel(
                name: alias.name,
                owner: "cherry",
                createdAt: alias.createdAt,
                contextLength: shortest
            )
        }
        for member in catalogue.members {
            var offered = listings[member.id]?.models ?? []
            if let model = member.defaultModel, !offered.contains(where: { $0.id == model }) {
                offered.insert(ModelDescription(id: model, contextLength: member.contextLength), at: 0)
            }
            models += offered.map { model in
                GatewayModel(
                    name: "\(member.slug)/\(model.id)",
                    owner: member.name,
                    contextLength: model.contextLength
                )
            }
        }
        guard let token = caller.token, token.models != nil else { return models }
        return models.filter { model in
            let bare = model.name.split(separator: "/", maxSplits: 1).last.map(String.init) ?? model.name
            return token.allows(modelNamed: [model.name, bare])
        }
    }

    func catalogue() throws -> GatewayCatalogue {
        guard let catalogue = self.state.withLock({ $0.catalogue }) else { throw Self.sealed }
        return catalogue
    }

    private func knownRoute(to name: String) throws -> GatewayRoute? {
        let (known, catalogue, listings, generation) = self.state.withLock { state in
            (state.routes[name], state.catalogue, state.listings, state.generation)
        }
        guard let catalogue else { throw Self.sealed }
        if let known { return known }
        guard let route = try Self.route(to: name, in: catalogue, listings) else { return nil }
        self.state.withLock { state in
            guard state.generation == generation else { return }
            if state.routes.count >= Self.rememberedRoutes { state.routes.removeAll() }
            state.routes[name] = route
        }
        return route
    }

    private static func route(
        to name: String,
        in catalogue: GatewayCatalogue,
        _ listings: [RecordID: Listing]
    ) throws -> GatewayRoute? {
        if let alias = catalogue.alias(name) { return try self.route(of: alias, in: catalogue) }
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, !parts[1].isEmpty, let member = catalogue.member(slug: String(parts[0])) {
            return self.route(to: String(parts[1]), of: member, in: catalogue)
        }
        let owners = catalogue.members.filter { member in
            member.defaultModel == name || listings[member.id]?.models.contains { $0.id == name } == true
        }
        guard let owner = owners.first else { return nil }
        guard owners.count == 1 else {
            throw BridgeError(
                .unknownModel,
                message: "Several providers have a model of this name.",
                hint: "Ask for one of: \(owners.map { "\($0.slug)/…" }.joined(separator: ", "))."
            )
        }
        return self.route(to: name, of: owner, in: catalogue)
    }

    private static func route(
        to model: String,
        of member: GatewayCatalogue.Member,
        in catalogue: GatewayCatalogue
    ) -> GatewayRoute {
        GatewayRoute(
            GatewayRoute.Option(member, model: model, prices: catalogue.prices),
            names: ["\(member.slug)/\(model)", model]
        )
    }

    private static func route(of alias: ModelAlias, in catalogue: GatewayCatalogue) throws -> GatewayRoute {
        let options = alias.targets.compactMap { target in
            catalogue.member(target.model.providerID).map { member in
                GatewayRoute.Option(
                    member,
                    model: target.model.model,
                    weight: target.weight,
                    prices: catalogue.prices
                )
            }
        }
        guard !options.isEmpty else {
            throw BridgeError(
                .unknownModel,
                message: "The providers of this alias were removed or are switched off.",
                hint: "Choose other models for it in the web app under Settings, Routing."
            )
        }
        return GatewayRoute(alias, options: options)
    }

    /// Asks the providers that have not been asked lately what they offer, all at once.
    private func readListings() async {
        let now = self.uptime
        let members = self.state.withLock { state in
            (state.catalogue?.members ?? []).filter { member in
                state.listings[member.id].map { now - $0.readAt >= Self.listingLifetime } ?? true
            }
        }
        guard !members.isEmpty else { return }
        let answers = await withTaskGroup(of: (GatewayCatalogue.Member, [ModelDescription]?).self) { group in
            for member in members {
                group.addTask {
                    // Why one does not answer matters when it is asked for something.
                    (member, try? await member.provider.models())
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (member, models) in answers { self.metrics.learn(models ?? [], of: member.id) }
        self.state.withLock { state in
            for (member, models) in answers
            where state.catalogue?.member(member.id)?.changedAt == member.changedAt {
                // One that did not answer is left alone for a while too, with what it offered before.
                let before = state.listings[member.id]?.models ?? []
                state.listings[member.id] = Listing(
                    models: models ?? before,
                    readAt: now,
                    changedAt: member.changedAt
                )
            }
            state.routes.removeAll()
        }
    }

    static let unknownModel = BridgeError(
        .unknownModel,
        message: "There is no alias and no model of this name.",
        hint: "GET /v1/models lists the names that can be asked for."
    )
}
