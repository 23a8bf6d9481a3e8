public import CherryBridge
public import CherryCore
public import CherryStore
public import Logging
public import ServiceLifecycle
import Synchronization

/// Tells the gateway what the user set: all of it after an unlock, and again whenever it changes. Works while `run()`
/// runs.
public final class GatewayFeed: Sendable, Service {
    /// What the feed needs.
    public struct Dependencies: Sendable {
        public var store: SealedStore
        public var gateway: Gateway
        public var book: UsageBook
        public var local: LocalModelEntry
        /// Makes what speaks to a provider with its key.
        public var makeProvider: @Sendable (Provider, Secret<String>?) throws -> any LanguageModelProvider
        public var clock: WallClock
        public var logger: Logger
        /// Who is told of failures that nobody foresaw.
        public var reporter: any ErrorReporter

        /// Lists what the feed needs.
        public init(
            store: SealedStore,
            gateway: Gateway,
            book: UsageBook,
            local: LocalModelEntry,
            makeProvider: @escaping @Sendable (Provider, Secret<String>?) throws -> any LanguageModelProvider,
            clock: WallClock = .system,
            logger: Logger,
            reporter: any ErrorReporter = NoErrorReporter()
        ) {
            self.store = store
            self.gateway = gateway
            self.book = book
            self.local = local
            self.makeProvider = makeProvider
            self.clock = clock
            self.logger = logger
            self.reporter = reporter
        }
    }

    private struct State {
        /// The unlock that the gateway was told for.
        var unlock: Timestamp?
        /// The place in the change feed up to which it was told.
        var position: Int64 = 0
    }

    /// What the gateway is told of.
    private static let collections: Set<RecordCollection> = [.providers, .secrets, .aliases, .tokens, .prices]
    /// How often the times of the tokens' last uses are written.
    private static let lastUseInterval = Duration.seconds(300)

    private let dependencies: Dependencies
    private let state = Mutex(State())

    /// Creates a feed that has told nothing.
    public init(_ dependencies: Dependencies) { self.dependencies = dependencies }

    /// Tells everything, before the first request after an unlock.
    ///
    /// - Parameter unlock: when the vault was unlocked.
    public func load(unlock: Timestamp) async throws {
        self.state.withLock { $0 = State(unlock: unlock) }
        // Budgets first: no request may slip through before what was spent is known.
        let ledger = try await self.dependencies.book.ledger(at: self.dependencies.clock.now)
        self.dependencies.gateway.restore(ledger)
        try await self.tell()
    }

    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.writeLastUses() }
            for await _ in self.dependencies.store.positions().cancelOnGracefulShutdown() { await self.follow() }
            group.cancelAll()
        }
    }

    /// Tells everything again if anything of it has changed: afterwards the gateway knows what was stored before.
    public func follow() async {
        let position = self.state.withLock { $0.unlock == nil ? nil : $0.position }
        guard var position else { return }
        do {
            while true {
                let page = try await self.dependencies.store.sealedChanges(since: position, limit: 500)
                if page.isStale || page.records.contains(where: { Self.collections.contains($0.collection) }) {
                    return try await self.tell()
                }
                position = page.next
                guard page.hasMore else { break }
            }
            self.state.withLock { $0.position = max($0.position, position) }
        } catch let error as any CherryError where error.isSealed {
            return  // the next unlock tells everything
        } catch {
            self.dependencies.logger.error(
                "The gateway could not be told of a change.",
                metadata: ["error.code": "\((error as? any CherryError)?.codeName ?? "internal")"]
            )
            self.dependencies.reporter.report(FailureReport(error, at: .work(.following)))
        }
    }

    private func tell() async throws {
        let store = self.dependencies.store
        guard let unlock = self.state.withLock({ $0.unlock }) else { return }
        // Read first: what changes meanwhile is told again.
        let position = try await store.position()
        let secrets = Dictionary(
            try await store.list(StoredSecret.self).map { ($0.value.id, Secret($0.value.value)) },
            uniquingKeysWith: { first, _ in first }
        )
        let providers = try await store.list(Provider.self).map(\.value).filter(\.isEnabled)
            .sorted { $0.createdAt < $1.createdAt }
        var members = [
            GatewayCatalogue.Member(
                local: self.dependencies.local.provider,
                model: self.dependencies.local.model,
                contextLength: self.dependencies.local.contextLength
            )
        ]
        for provider in providers {
            members.append(
                GatewayCatalogue.Member(
                    provider,
                    provider: try self.dependencies.makeProvider(provider, secrets[provider.id])
                )
            )
        }
        let catalogue = GatewayCatalogue(
            members: members,
            aliases: try await store.list(ModelAlias.self).map(\.value),
            tokens: try await store.list(BridgeToken.self).map(\.value),
            prices: try await store.list(ModelPrice.self).map(\.value),
            unlock: unlock
        )
        self.state.withLock { state in
            // Who told meanwhile of later changes, or after another unlock, knows better.
            guard state.unlock == unlock, state.position <= position else { return }
            self.dependencies.gateway.update(catalogue)
            state.position = position
        }
    }

    private func writeLastUses() async {
        // Cancelled: shutting down.
        while (try? await Task.sleep(for: Self.lastUseInterval)) != nil {
            for (id, time) in self.dependencies.gateway.takeLastUses() {
                do {
                    _ = try await self.dependencies.store.update(BridgeToken.self, id) { token in
                        token.lastUsedAt = max(token.lastUsedAt ?? time, time)
                    }
                } catch {
                    // Removed, or the vault is locked: the time of its last use is then of no interest.
                    continue
                }
            }
        }
    }
}
