public import CherryBridge
public import CherryCore
public import CherryStore

/// A model ready to be asked.
public struct ResolvedModel: Sendable {
    public let reference: ModelReference
    public let provider: any LanguageModelProvider
    /// Tokens that it can read and write together.
    public let contextLength: Int
    /// Whether it is the small built-in model, whose answers are often wrong.
    public let isTiny: Bool

    /// The same, with what it takes counted for a conversation.
    func counted(for conversation: RecordID) -> ResolvedModel {
        ResolvedModel(
            reference: self.reference,
            provider: (self.provider as? RoutedModel)?.counted(for: conversation) ?? self.provider,
            contextLength: self.contextLength,
            isTiny: self.isTiny
        )
    }
}

/// What can be chosen.
public struct ModelListing: Sendable {
    /// One model on offer.
    public struct Item: Sendable {
        public let reference: ModelReference
        public let providerName: String
        public let isLocal: Bool
        public let isTiny: Bool
        public let contextLength: Int?
        /// What it can do besides reading and writing text; `nil` when nobody says.
        public let capabilities: Set<ModelCapability>?
    }

    /// A provider that did not answer.
    public struct Unreachable: Sendable {
        public let providerID: RecordID
        public let error: BridgeError
    }

    public let items: [Item]
    /// What answers when nothing else is chosen.
    public let defaultModel: ModelReference
    public let unreachable: [Unreachable]
}

/// How a provider did when it was tried.
public struct ProviderTest: Sendable {
    public let latency: Duration
    /// The models it offers, or why it did not say.
    public let outcome: Result<[ModelDescription], BridgeError>
}

/// The built-in model, as the directory needs it.
public struct LocalModelEntry: Sendable {
    public let provider: any LanguageModelProvider
    /// The name shown and stored for it.
    public let model: String
    public let contextLength: Int

    /// Describes the built-in model.
    public init(provider: any LanguageModelProvider, model: String, contextLength: Int) {
        self.provider = provider
        self.model = model
        self.contextLength = contextLength
    }
}

/// Finds the model that is to answer, from the user's providers and the built-in one.
public final class ModelDirectory: Sendable {
    /// What the directory needs.
    public struct Dependencies: Sendable {
        public var store: SealedStore
        public var local: LocalModelEntry
        /// What the models are asked through; `nil` asks them directly.
        public var gateway: Gateway?
        /// Makes the translator for a provider with its key.
        public var makeProvider: @Sendable (Provider, Secret<String>?) throws -> any LanguageModelProvider

        /// Lists what the directory needs.
        public init(
            store: SealedStore,
            local: LocalModelEntry,
            gateway: Gateway? = nil,
            makeProvider: @escaping @Sendable (Provider, Secret<String>?) throws -> any LanguageModelProvider
        ) {
            self.store = store
            self.local = local
            self.gateway = gateway
            self.makeProvider = makeProvider
        }
    }

    /// The preference that names the default model.
    public static let defaultModelKey = "model.default"
    /// Tokens assumed for a model whose provider does not say: what nearly every hosted model has.
    static let assumedContextLength = 8192

    private let dependencies: Dependencies

    /// Creates a directory.
    public init(_ dependencies: Dependencies) {
        self.dependencies = dependencies
    }

    /// The model for `reference`, or the default one for `nil`.
    ///
    /// - Throws: `AssistantError` with code `.notFound` when the reference names a provider that is gone or switched off.
    public func resolve(_ reference: ModelReference?) async throws -> ResolvedModel {
        if let reference { return try await self.model(for: reference) }
        return try await self.model(for: self.defaultReference())
    }

    /// Asks every provider what it offers, all at once.
    public func available() async throws -> ModelListing {
        let providers = try await self.enabledProviders()
        let answers = await withTaskGroup(of: (Int, ProviderTest).self) { group in
            for (index, provider) in providers.enumerated() {
                group.addTask { (index, await self.probe(provider)) }
            }
            return await group.reduce(into: [Int: ProviderTest]()) { $0[$1.0] = $1.1 }
        }
        var items = try await self.aliasItems()
        items.append(
            ModelListing.Item(
                reference: self.localReference,
                providerName: "This machine",
                isLocal: true,
                isTiny: true,
                contextLength: self.dependencies.local.contextLength,
                capabilities: []
            )
        )
        var unreachable: [ModelListing.Unreachable] = []
        for (index, provider) in providers.enumerated() {
            switch answers[index]?.outcome {
            case .success(let models):
                items += Self.items(of: provider, models: models)
            case .failure(let error):
                if error.code != .unsupported { unreachable.append(.init(providerID: provider.id, error: error)) }
                items += Self.items(of: provider, models: [])
            case nil:
                continue
            }
        }
        return ModelListing(items: items, defaultModel: try await self.defaultReference(), unreachable: unreachable)
    }

    /// Tries the provider `id` with its stored key.
    ///
    /// - Throws: `AssistantError` with code `.notFound`.
    public func test(_ id: RecordID) async throws -> ProviderTest {
        if id == ModelReference.localProvider { return await self.measure(self.dependencies.local.provider) }
        guard let provider = try await self.dependencies.store.get(Provider.self, id)?.value else {
            throw Self.noSuchProvider
        }
        let test = await self.probe(provider)
        // One that lists no models, such as Bedrock, is asked for a word instead.
        guard Self.listsNoModels(test), let model = provider.defaultModel else { return test }
        return await self.ask(provider, model: model)
    }

    private var localReference: ModelReference {
        ModelReference(providerID: ModelReference.localProvider, model: self.dependencies.local.model)
    }

    /// The user's choice while it can be had; else the first provider with a model; else the built-in one.
    private func defaultReference() async throws -> ModelReference {
        let providers = try await self.enabledProviders()
        let preference = try await self.dependencies.store
            .get(Preference.self, Preference.id(for: Self.defaultModelKey))
        if let chosen = preference?.value.value.modelReference {
            if chosen.providerID == ModelReference.localProvider { return self.localReference }
            if chosen.isAlias, try await self.hasAlias(chosen.model) { return chosen }
            if providers.contains(where: { $0.id == chosen.providerID }) { return chosen }
        }
        for provider in providers {
            if let model = provider.defaultModel { return ModelReference(providerID: provider.id, model: model) }
        }
        return self.localReference
    }

    private func hasAlias(_ name: String) async throws -> Bool {
        try await self.dependencies.store.list(ModelAlias.self)
            .contains { $0.value.name.lowercased() == name.lowercased() }
    }

    private func model(for reference: ModelReference) async throws -> ResolvedModel {
        if reference.isAlias { return try await self.alias(reference) }
        if reference.providerID == ModelReference.localProvider {
            let local = self.dependencies.local
            return ResolvedModel(
                reference: self.localReference,
                provider: self.routed(self.localReference, local.provider),
                contextLength: local.contextLength,
                isTiny: true
            )
        }
        guard
            let provider = try await self.dependencies.store.get(Provider.self, reference.providerID)?.value,
            provider.isEnabled
        else { throw Self.noSuchProvider }
        return ResolvedModel(
            reference: reference,
            provider: self.routed(reference, try await self.connect(provider)),
            contextLength: provider.contextLength ?? Self.assumedContextLength,
            isTiny: false
        )
    }

    /// An alias reads and writes as much as the smallest of its models, since any of them may have to answer.
    private func alias(_ reference: ModelReference) async throws -> ResolvedModel {
        let aliases = try await self.dependencies.store.list(ModelAlias.self).map(\.value)
        guard let alias = aliases.first(where: { $0.name.lowercased() == reference.model.lowercased() }) else {
            throw Self.noSuchProvider
        }
        var models: [ResolvedModel] = []
        for target in alias.targets where !target.model.isAlias {
            do {
                models.append(try await self.model(for: target.model))
            } catch let error as AssistantError where error.code == .notFound {
                continue  // the others answer
            }
        }
        guard let first = models.first, let shortest = models.map(\.contextLength).min() else {
            throw Self.noSuchProvider
        }
        return ResolvedModel(
            reference: reference,
            provider: self.routed(reference, first.provider),
            contextLength: shortest,
            isTiny: models.allSatisfy(\.isTiny)
        )
    }

    /// The aliases of which at least one model can be had.
    private func aliasItems() async throws -> [ModelListing.Item] {
        var items: [ModelListing.Item] = []
        for alias in try await self.dependencies.store.list(ModelAlias.self).map(\.value).sorted(by: {
            $0.name < $1.name
        }) {
            let reference = ModelReference(providerID: ModelReference.aliases, model: alias.name)
            do {
                let model = try await self.alias(reference)
                items.append(
                    ModelListing.Item(
                        reference: reference,
                        providerName: "Alias",
                        isLocal: alias.targets.allSatisfy { $0.model.providerID == ModelReference.localProvider },
                        isTiny: model.isTiny,
                        contextLength: model.contextLength,
                        capabilities: nil
                    )
                )
            } catch let error as AssistantError where error.code == .notFound {
                continue  // it leads nowhere now
            }
        }
        return items
    }

    private func routed(
        _ reference: ModelReference,
        _ provider: any LanguageModelProvider
    ) -> any LanguageModelProvider {
        self.dependencies.gateway.map { RoutedModel(reference, through: $0, base: provider) } ?? provider
    }

    private func enabledProviders() async throws -> [Provider] {
        try await self.dependencies.store.list(Provider.self).map(\.value).filter(\.isEnabled)
            .sorted { $0.createdAt < $1.createdAt }
    }

    private func connect(_ provider: Provider) async throws -> any LanguageModelProvider {
        let secret = try await self.dependencies.store.get(StoredSecret.self, provider.id)?.value
        return try self.dependencies.makeProvider(provider, secret.map { Secret($0.value) })
    }

    private func probe(_ provider: Provider) async -> ProviderTest {
        do {
            return await self.measure(try await self.connect(provider))
        } catch {
            return ProviderTest(latency: .zero, outcome: .failure(Self.bridgeError(from: error)))
        }
    }

    private func measure(_ provider: any LanguageModelProvider) async -> ProviderTest {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let models = try await provider.models()
            return ProviderTest(latency: start.duration(to: clock.now), outcome: .success(models))
        } catch {
            return ProviderTest(
                latency: start.duration(to: clock.now),
                outcome: .failure(Self.bridgeError(from: error))
            )
        }
    }

    private func ask(_ provider: Provider, model: String) async -> ProviderTest {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let request = ChatRequest(model: model, messages: [ChatMessage(.user, "Say yes.")], maxTokens: 16)
            try await self.connect(provider).chat(request) { _ in }
            return ProviderTest(
                latency: start.duration(to: clock.now),
                outcome: .success([ModelDescription(id: model, contextLength: provider.contextLength)])
            )
        } catch {
            return ProviderTest(
                latency: start.duration(to: clock.now),
                outcome: .failure(Self.bridgeError(from: error))
            )
        }
    }

    private static func listsNoModels(_ test: ProviderTest) -> Bool {
        guard case .failure(let error) = test.outcome else { return false }
        return error.code == .unsupported
    }

    private static func items(of provider: Provider, models: [ModelDescription]) -> [ModelListing.Item] {
        var models = models
        if let name = provider.defaultModel, !models.contains(where: { $0.id == name }) {
            models.insert(ModelDescription(id: name, contextLength: provider.contextLength), at: 0)
        }
        return models.map { model in
            ModelListing.Item(
                reference: ModelReference(providerID: provider.id, model: model.id),
                providerName: provider.name,
                isLocal: false,
                isTiny: false,
                contextLength: model.contextLength ?? provider.contextLength,
                capabilities: model.capabilities ?? ModelCapability.known(of: model.id)
            )
        }
    }

    private static func bridgeError(from error: any Error) -> BridgeError {
        (error as? BridgeError)
            ?? BridgeError(.unreachable, message: "The provider could not be asked.", underlying: error)
    }

    private static let noSuchProvider = AssistantError(
        .notFound,
        message: "The provider of this model was removed or is switched off.",
        hint: "Choose another model, or add the provider again in the settings."
    )
}

extension JSONValue {
    /// The model that a preference names; `nil` when it names none.
    var modelReference: ModelReference? {
        guard
            case .object(let fields) = self,
            case .string(let id) = fields["providerID"],
            case .string(let model) = fields["model"],
            let providerID = RecordID(id)
        else { return nil }
        return ModelReference(providerID: providerID, model: model)
    }
}
