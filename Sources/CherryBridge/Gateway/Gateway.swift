public import CherryCache
public import CherryCore
import Synchronization

/// Asks models on behalf of the product and of other tools: finds what a name leads to, asks in turn, bounds, counts and
/// reports. Knows nothing while the vault is locked.
///
/// Whatever a request needs is in memory: `update` brings it, and `empty` takes it away.
public final class Gateway: Sendable {
    /// What the gateway needs.
    public struct Dependencies: Sendable {
        /// Keeps answers; they are sealed before they are handed over.
        public var cache: any Cache
        public var clock: WallClock
        /// Time since some fixed moment, which nobody sets back.
        public var uptime: @Sendable () -> Duration
        /// Waits; throws when the task is cancelled.
        public var sleep: @Sendable (Duration) async throws -> Void
        /// Numbers from 0 up to 1.
        public var random: @Sendable () -> Double
        /// Takes what an exchange used, to be written down. Must not wait.
        public var record: @Sendable (UsageRecord) -> Void

        /// Lists what the gateway needs.
        public init(
            cache: any Cache,
            clock: WallClock = .system,
            uptime: @escaping @Sendable () -> Duration = Self.sinceStart,
            sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
            random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
            record: @escaping @Sendable (UsageRecord) -> Void
        ) {
            self.cache = cache
            self.clock = clock
            self.uptime = uptime
            self.sleep = sleep
            self.random = random
            self.record = record
        }

        private static let start = ContinuousClock.now
        /// Time since this was first asked.
        public static let sinceStart: @Sendable () -> Duration = { Self.start.duration(to: .now) }
    }

    /// What a provider said that it offers.
    struct Listing {
        let models: [ModelDescription]
        let readAt: Duration
        /// When the record was changed that the provider was asked under.
        let changedAt: Timestamp
    }

    struct State {
        var catalogue: GatewayCatalogue?
        /// Grows with every change of the catalogue, so that what was learnt for an older one is not kept.
        var generation = 0
        var routes: [String: GatewayRoute] = [:]
        var listings: [RecordID: Listing] = [:]
        var breakers: [ModelReference: CircuitBreaker] = [:]
        var buckets: [RecordID: TokenBucket] = [:]
        var ledger = BudgetLedger()
        var lastUses: [RecordID: Timestamp] = [:]
    }

    let dependencies: Dependencies
    let state = Mutex(State())
    let feed = ExchangeFeed()
    let metrics = GatewayMetrics()
    public let answers: AnswerCache
    public let semantic: SemanticCache

    /// Creates a gateway that knows nothing yet.
    public init(_ dependencies: Dependencies) {
        self.dependencies = dependencies
        self.answers = AnswerCache(dependencies.cache)
        self.semantic = SemanticCache(clock: dependencies.clock)
    }

    /// Time since some fixed moment, for breakers, rates and the length of exchanges.
    var uptime: Duration { self.dependencies.uptime() }

    // MARK: What it knows

    /// Takes note of what the user set.
    public func update(_ catalogue: GatewayCatalogue) {
        self.metrics.learn(catalogue)
        self.state.withLock { state in
            state.catalogue = catalogue
            state.generation += 1
            state.routes.removeAll()
            state.listings = state.listings.filter { catalogue.member($0.key)?.changedAt == $0.value.changedAt }
            let tokens = Set(catalogue.tokens.values.map(\.id))
            state.buckets = state.buckets.filter { tokens.contains($0.key) }
        }
        self.answers.open()
        self.semantic.open()
        // What a token does not want any more, or cannot ask for, is not kept either.
        let now = self.dependencies.clock.now
        let wanting = catalogue.tokens.values.filter { $0.semanticCache != nil && $0.isValid(at: now) }
        self.semantic.keepOnly(Set(wanting.map(\.id)))
    }

    /// Takes note of what tokens have spent before this unlock.
    public func restore(_ ledger: BudgetLedger) { self.state.withLock { $0.ledger = ledger } }

    /// Forgets everything: the vault was locked. What is under way is ended by its callers.
    ///
    /// - Parameter unlock: what came from a later unlock, at this time, is kept.
    public func empty(except unlock: Timestamp? = nil) async {
        let isEmptied = self.state.withLock { state in
            if let unlock, state.catalogue?.unlock == unlock { return false }
            state = State(generation: state.generation + 1)
            return true
        }
        guard isEmptied else { return }
        self.semantic.close()
        await self.answers.close()
    }

    /// Whether requests can be served.
    public var isOpen: Bool { self.state.withLock { $0.catalogue != nil } }

    /// What a provider offers is asked anew at the next need.
    public func forgetListing(of provider: RecordID) {
        self.state.withLock { _ = $0.listings.removeValue(forKey: provider) }
    }

    /// When tokens were used since the last call.
    public func takeLastUses() -> [RecordID: Timestamp] {
        self.state.withLock { state in
            defer { state.lastUses.removeAll() }
            return state.lastUses
        }
    }

    /// What a token has spent on this day and in this month.
    public func spent(by token: RecordID) -> (day: BudgetLedger.Spent, month: BudgetLedger.Spent) {
        let now = self.dependencies.clock.now
        return self.state.withLock { $0.ledger.spent(by: token, at: now) }
    }

    // MARK: What it tells

    /// The exchanges that are under way.
    public var running: [ExchangeReport] { self.feed.running }

    /// The exchanges that are under way and then the news of all, for one reader. Bounded: a slow reader misses older
    /// news.
    public func reports() -> AsyncStream<ExchangeReport> { self.feed.watch() }

    func note(_ usage: UsageRecord, inputMicroDollars: Int64? = nil) {
        let model = ModelReference(providerID: usage.providerID, model: usage.model)
        self.metrics[model].note(usage, inputMicroDollars: inputMicroDollars)
        self.state.withLock { $0.ledger.add(usage) }
        self.dependencies.record(usage)
    }

    // MARK: Circuit breakers

    func admits(_ target: RouteTarget) -> Bool {
        let now = self.uptime
        return self.state.withLock { $0.breakers[target.model]?.admits(at: now) ?? true }
    }

    func succeeded(_ target: RouteTarget) {
        // Most targets never fail and have none.
        self.state.withLock { _ = $0.breakers[target.model]?.succeeded() }
    }

    func failed(_ target: RouteTarget, with code: BridgeError.Code) {
        let now = self.uptime
        self.state.withLock { $0.breakers[target.model, default: CircuitBreaker()].failed(with: code, at: now) }
    }

    func abandoned(_ target: RouteTarget) {
        self.state.withLock { _ = $0.breakers[target.model]?.abandoned() }
    }
}
