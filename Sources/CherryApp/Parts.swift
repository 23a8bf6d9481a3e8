import CherryAPI
import CherryAssistant
import CherryBridge
import CherryCache
import CherryCore
import CherryMemory
import CherryNet
import CherryObservability
import CherryStore
import CherryStoreSQLite
import CherryVault
import Foundation
import Logging

/// Everything that the server is made of, put together from settings. The only place that names engines.
struct Parts {
    /// Bytes of answers that are kept to be given again.
    private static let cacheBytes = 32 << 20

    let vault: Vault
    let transport: HTTPTransport
    let localModel: LocalModel
    let assistant: Assistant
    let usage: UsageBook
    let feed: GatewayFeed
    let gateway: Gateway
    let tools: ToolServers
    let keeper: Keeper
    let api: APIServer
    let telemetry: Telemetry
    let figures: FigureHistory

    init(
        settings: Settings,
        directory: DataDirectory,
        logger: Logger,
        logs: LogRecorder,
        registry: MetricRegistry
    ) throws {
        let clock = WallClock.system
        let startedAt = clock.now
        let vault = try Vault(keyStore: FileKeyStore(path: directory.vaultFile), clock: clock)
        let records = try SQLiteRecordStore(path: directory.databaseFile)
        let store = SealedStore(store: MeasuredRecordStore(records), sealer: vault, clock: clock)
        let library = Library(store: store, index: LexicalIndex(), clock: clock)

        let transport = HTTPTransport()
        let telemetry = try Telemetry(
            .init(
                openJournal: { try await settings.openJournal() },
                hasJournal: { FileManager.default.fileExists(atPath: settings.journalFolder) },
                file: TelemetryFile(path: directory.telemetryFile) { try OperationsKey(settings.operationsKey) },
                recorder: logs,
                tracer: .shared,
                transport: transport,
                identity: .thisProgram,
                runFiles: RunFiles(folder: directory.runFolder),
                clock: clock,
                logger: Logger(label: LogRecorder.journalLabel) { logs.handler(label: $0) }
            )
        )
        let localModel = LocalModel(
            configuration: LocalModel.Configuration(
                server: settings.localServer,
                model: settings.localModel,
                contextLength: settings.localContext,
                idleTimeout: settings.localIdle
            ),
            transport: transport,
            logger: logger
        )
        let local = LocalModelEntry(
            provider: LocalProvider(localModel, transport: transport),
            model: localModel.status.model ?? "local",
            contextLength: localModel.contextLength
        )
        let makeProvider: @Sendable (Provider, Secret<String>?) -> any LanguageModelProvider = { provider, key in
            HTTPProvider(provider, key: key, transport: transport)
        }
        let usage = UsageBook(store: store, clock: clock, logger: logger, reporter: telemetry.reporter)
        let gateway = Gateway(
            .init(
                cache: MeasuredCache(InProcessCache(capacity: Self.cacheBytes)),
                clock: clock,
                record: { usage.add($0) }
            )
        )
        let feed = GatewayFeed(
            .init(
                store: store,
                gateway: gateway,
                book: usage,
                local: local,
                makeProvider: makeProvider,
                clock: clock,
                logger: logger,
                reporter: telemetry.reporter
            )
        )
        let models = ModelDirectory(
            .init(store: store, local: local, gateway: gateway, makeProvider: makeProvider)
        )
        let tools = ToolServers(
            .init(store: store, version: version) { server, credential in
                ToolChannels.make(server, credential: credential, transport: transport)
            }
        )
        let assistant = Assistant(
            .init(
                store: store,
                library: library,
                models: models,
                tools: tools,
                clock: clock,
                logger: logger,
                reporter: telemetry.reporter
            )
        )
        let machineKey = Self.machineKey(settings)
        let keeper = Keeper(
            .init(
                vault: vault,
                store: store,
                library: library,
                assistant: assistant,
                feed: feed,
                usage: usage,
                clock: clock,
                logger: logger,
                reporter: telemetry.reporter,
                machineKey: machineKey
            )
        )
        let actions = APIDependencies.Actions(
            systemInformation: {
                SystemInformation(
                    role: "all",
                    startedAt: startedAt,
                    storeEngine: "sqlite",
                    integrity: keeper.integrity,
                    memoryBytes: Self.residentBytes(),
                    localModel: .init(localModel.status)
                )
            },
            // Opening checked the file; a read shows that it can still be reached.
            checkStore: { _ = try await store.statistics() },
            didUnlock: { await keeper.didUnlock() },
            setIdleLimit: { vault.idleLimit = $0 },
            beginReseal: { keeper.rotate() },
            erase: {
                assistant.abandonAll()
                library.cool()
                try await store.erase()
                try vault.erase()
            }
        )
        var configuration = APIConfiguration(
            version: version,
            isTLS: settings.tlsCertificate != nil,
            publicURL: settings.publicURL,
            webRoot: Self.webRoot(settings)
        )
        if !["127.0.0.1", "::1", "0.0.0.0", "::", "localhost"].contains(settings.host) {
            configuration.allowedHosts = [settings.host]
        }
        self.vault = vault
        self.transport = transport
        self.localModel = localModel
        self.assistant = assistant
        self.usage = usage
        self.feed = feed
        self.gateway = gateway
        self.tools = tools
        self.keeper = keeper
        self.telemetry = telemetry
        let figures = FigureHistory(registry, wallClock: clock) { await telemetry.ledger() }
        self.figures = figures
        let context = LibraryContext(store: store, library: library, models: models, gateway: gateway)
        var dependencies =
            APIDependencies(
                vault: vault,
                store: store,
                library: library,
                assistant: assistant,
                models: models,
                gateway: gateway,
                gatewayFeed: feed,
                usage: usage,
                backoff: .file(path: directory.backoffFile),
                actions: actions,
                machineKey: machineKey,
                tools: tools,
                mcp: MCPAccess(
                    server: MCPServer(context: context, version: version, clock: clock),
                    authorizer: gateway
                ),
                configuration: configuration,
                logger: logger
            )
        dependencies.hub.authorizer = gateway
        dependencies.logs = logs.tail
        dependencies.reporter = telemetry.reporter
        dependencies.telemetry = telemetry
        dependencies.journal = { try telemetry.journal }
        dependencies.figures = figures
        dependencies.beginTrace = { ProcessTracer.shared.begin() }
        dependencies.pageReports = {
            telemetry.browser.map { browser in
                let identity = telemetry.identity
                return TelemetryAccess(release: identity.release, environment: identity.environment) {
                    try await browser.receive($0)
                }
            }
        }
        self.api = APIServer(dependencies)
        telemetry.allow(routes: self.api.templates)
    }

    private static func machineKey(_ settings: Settings) -> MachineKeySource? {
        if let path = settings.keyFile { return .keyFile(path: path, dataDirectory: settings.dataDirectory) }
        let name = "cherry-machine-key"
        guard let directory = settings.credentialsDirectory,
            FileManager.default.fileExists(atPath: "\(directory)/\(name)")
        else { return nil }
        return .systemdCredential(directory: directory, name: name)
    }

    /// The folder that the settings name, or the one beside the program: `share/web` as installed.
    private static func webRoot(_ settings: Settings) -> String? {
        if let path = settings.webRoot { return path }
        // An unreadable link only means that the program's place is unknown.
        guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return nil
        }
        let installed = URL(filePath: program).deletingLastPathComponent().appending(path: "../share/web")
            .standardizedFileURL.path
        return FileManager.default.fileExists(atPath: installed) ? installed : nil
    }

    /// Resident memory, from the kernel's count of pages.
    private static func residentBytes() -> Int64 {
        guard
            let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),  // absent: nothing to show
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int64($0) })
        else { return 0 }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}

extension SystemInformation.LocalModel {
    init(_ status: LocalModelStatus) {
        let state: State =
            switch status.state {
            case .missing: .missing
            case .stopped: .stopped
            case .starting: .starting
            case .ready: .ready
            case .failed: .failed
            }
        self.init(state: state, model: status.model, detail: status.detail, hint: status.hint)
    }
}
