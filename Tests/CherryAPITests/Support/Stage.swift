import CherryAssistant
import CherryBridge
import CherryCache
import CherryCore
import CherryJournal
import CherryNet
import CherryObservability
import CherryStore
import CherryStoreSQLite
import CherryTesting
import CherryVault
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import Logging
import Synchronization
import Testing

@testable import CherryAPI

/// A whole server around a real vault and a real database; only the model, the time and the key file are the test's.
final class Stage: Sendable {
    let clock = TestTime()
    let timer = ManualTimer()
    let keys = InMemoryKeyStore()
    let folder: URL
    let vault: Vault
    let store: SealedStore
    let library: Library
    let assistant: Assistant
    let model = ScriptedModel()
    let cache: InProcessCache
    let gateway: Gateway
    let book: UsageBook
    let feed: GatewayFeed
    let transport = HTTPTransport()
    let backoff = KeptBytes()
    let tokens: TestTokens
    let toolChannel = OneTool()
    let tools: ToolServers
    let calls = Mutex(Calls())
    let hub = Mutex(HubSettings())
    let logs = LogTail(capacity: 100)
    let registry = MetricRegistry(MetricCatalogue.all)
    let figures: FigureHistory
    let telemetry = Mutex<TelemetryAccess?>(nil)
    let journal = Mutex<Journal?>(nil)
    private let configuration: APIConfiguration

    /// What the interface asked of the bootstrap.
    struct Calls {
        var unlocks = 0
        var idleLimits: [Duration] = []
        var reseals = 0
        /// What `checkStore` throws, if it is to fail.
        var storeFailure: StoreError?
    }

    init(_ configure: (inout APIConfiguration) -> Void = { _ in }) throws {
        self.folder = FileManager.default.temporaryDirectory.appending(path: "cherry-api-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        var configuration = APIConfiguration(version: "1.2.3")
        configure(&configuration)
        self.configuration = configuration
        self.figures = FigureHistory(self.registry, wallClock: self.clock.wall, clock: self.timer) { [] }
        self.vault = try Vault(keyStore: self.keys, configuration: .testing, clock: self.clock.wall)
        self.tokens = TestTokens(vault: self.vault)
        let records = try SQLiteRecordStore(path: self.folder.appending(path: "records.sqlite").path)
        self.store = SealedStore(store: records, sealer: self.vault, clock: self.clock.wall)
        self.library = Library(store: self.store, clock: self.clock.wall)
        self.cache = InProcessCache(capacity: 1 << 20, clock: self.clock.wall)
        let (model, transport) = (self.model, self.transport)
        let local = LocalModelEntry(provider: model, model: "scripted", contextLength: 4096)
        // A provider on this machine is a server of the test's; all others are played by the model.
        let makeProvider: @Sendable (Provider, Secret<String>?) -> any LanguageModelProvider = { provider, key in
            guard provider.baseURL.hasPrefix("http://127.0.0.1:") else { return model }
            return HTTPProvider(provider, key: key, transport: transport)
        }
        let book = UsageBook(store: self.store, clock: self.clock.wall, logger: Self.silence)
        self.book = book
        self.gateway = Gateway(.init(cache: self.cache, clock: self.clock.wall, record: { book.add($0) }))
        self.feed = GatewayFeed(
            .init(
                store: self.store,
                gateway: self.gateway,
                book: book,
                local: local,
                makeProvider: makeProvider,
                clock: self.clock.wall,
                logger: Self.silence
            )
        )
        let models = ModelDirectory(
            .init(store: self.store, local: local, gateway: self.gateway, makeProvider: makeProvider)
        )
        self.models = models
        let channel = self.toolChannel
        self.tools = ToolServers(.init(store: self.store, version: "1.2.3") { _, _ in channel })
        self.assistant = Assistant(
            .init(
                store: self.store,
                library: self.library,
                models: models,
                tools: self.tools,
                clock: self.clock.wall,
                logger: Self.silence
            )
        )
    }

    deinit { try? FileManager.default.removeItem(at: self.folder) }

    private let models: ModelDirectory
    static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// The interface as a process would make it: each call is a restart.
    func makeServer() -> APIServer {
        var dependencies = APIDependencies(
            vault: self.vault,
            store: self.store,
            library: self.library,
            assistant: self.assistant,
            models: self.models,
            gateway: self.gateway,
            gatewayFeed: self.feed,
            usage: self.book,
            backoff: self.backoff.store,
            actions: self.actions,
            tools: self.tools,
            mcp: self.mcp,
            configuration: self.configuration,
            wallClock: self.clock.wall,
            clock: self.timer,
            logger: Self.silence
        )
        dependencies.hub = self.hub.withLock { $0 }
        dependencies.logs = self.logs
        dependencies.telemetry = self.targets
        dependencies.journal = { self.journal.withLock { $0 } }
        dependencies.figures = self.figures
        dependencies.pageReports = { self.telemetry.withLock { $0 } }
        return APIServer(dependencies)
    }

    /// Telemetry that keeps its settings in the stage's folder.
    private var targets: Telemetry? {
        let folder = self.folder.path
        return try? Telemetry(  // a file that cannot be read shows as missing routes
            .init(
                openJournal: { try await Journal(.init(folder: folder + "/journal"), sealer: TestOperationsSealer()) },
                file: TelemetryFile(path: folder + "/telemetry.sealed") { TestOperationsSealer() },
                recorder: LogRecorder(output: LineOutput(file: STDERR_FILENO), isJSON: false, role: "all"),
                tracer: .shared,
                transport: self.transport,
                identity: .init(service: "cherry", version: "1.2.3", role: "all", environment: "test", instance: "a"),
                runFiles: RunFiles(folder: folder + "/run"),
                clock: self.clock.wall,
                logger: Self.silence
            )
        )
    }

    private var mcp: MCPAccess {
        let models = self.models
        let context = LibraryContext(store: self.store, library: self.library) { request, _, receive in
            let model = try await models.resolve(named: request.model)
            var request = request
            request.model = model.reference.model
            try await model.provider.chat(request) { try await receive($0) }
            return model.reference.model
        }
        let server = MCPServer(context: context, version: "1.2.3", clock: self.clock.wall)
        return MCPAccess(server: server, authorizer: self.tokens)
    }

    private var actions: APIDependencies.Actions {
        APIDependencies.Actions(
            systemInformation: {
                SystemInformation(
                    role: "all",
                    startedAt: Timestamp(milliseconds: 1),
                    storeEngine: "sqlite",
                    integrity: .init(state: .sound),
                    memoryBytes: 1,
                    localModel: .init(state: .stopped, model: "scripted")
                )
            },
            checkStore: { [self] in if let failure = self.calls.withLock({ $0.storeFailure }) { throw failure } },
            didUnlock: { [self] in
                self.calls.withLock { $0.unlocks += 1 }
                await #expect(throws: Never.self) {
                    try await self.library.warmUp()
                    guard case .unlocked(let since) = self.vault.state else { return }
                    try await self.feed.load(unlock: since)
                }
            },
            setIdleLimit: { [self] limit in self.calls.withLock { $0.idleLimits.append(limit) } },
            beginReseal: { [self] in self.calls.withLock { $0.reseals += 1 } },
            erase: { [self] in
                self.assistant.abandonAll()
                try await self.store.erase()
                try self.vault.erase()
            }
        )
    }

    /// Runs a server, and a test against it.
    func run(
        _ setup: TestingSetup = .router,
        _ body: @escaping @Sendable (Visitor) async throws -> Void
    ) async throws {
        let server = self.makeServer()
        let application = Application(
            responder: server.makeResponder(),
            server: server.makeServer(),
            services: [self.assistant, self.tools, self.feed, self.figures, server],
            logger: Self.silence
        )
        try await application.test(setup) { client in
            try await body(Visitor(client: client, stage: self))
        }
    }

    /// Runs a server whose vault is set up, with the visitor's session open.
    func runUnlocked(
        _ setup: TestingSetup = .router,
        _ body: @escaping @Sendable (Visitor) async throws -> Void
    ) async throws {
        try await self.run(setup) { visitor in
            try await visitor.setUp()
            try await body(visitor)
        }
    }

    /// How many records there are, of any kind.
    func recordCount() async throws -> Int { try await self.store.statistics().records }
}
