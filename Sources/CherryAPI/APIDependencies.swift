public import CherryAssistant
public import CherryBridge
public import CherryCore
public import CherryJournal
public import CherryObservability
public import CherryStore
public import CherryVault
public import Logging
public import Tracing

/// Everything that the interface works with. Made by the bootstrap.
public struct APIDependencies: Sendable {
    /// What only the bootstrap can do.
    public struct Actions: Sendable {
        /// What the process knows about itself.
        public var systemInformation: @Sendable () async -> SystemInformation
        /// Reports whether the store is sound, from what is known: it is asked often.
        public var checkStore: @Sendable () async throws -> Void
        /// Called after each unlock by way of this interface, before it is answered.
        public var didUnlock: @Sendable () async -> Void
        /// Sets how long the vault stays unlocked unused.
        public var setIdleLimit: @Sendable (Duration) -> Void
        /// Begins to move the records to the active key, in the background.
        public var beginReseal: @Sendable () -> Void
        /// Removes every record and the vault, and drops whatever is in memory.
        public var erase: @Sendable () async throws -> Void

        /// Lists the actions.
        public init(
            systemInformation: @escaping @Sendable () async -> SystemInformation,
            checkStore: @escaping @Sendable () async throws -> Void,
            didUnlock: @escaping @Sendable () async -> Void,
            setIdleLimit: @escaping @Sendable (Duration) -> Void,
            beginReseal: @escaping @Sendable () -> Void,
            erase: @escaping @Sendable () async throws -> Void
        ) {
            self.systemInformation = systemInformation
            self.checkStore = checkStore
            self.didUnlock = didUnlock
            self.setIdleLimit = setIdleLimit
            self.beginReseal = beginReseal
            self.erase = erase
        }
    }

    public var vault: Vault
    public var store: SealedStore
    public var library: Library
    public var assistant: Assistant
    public var models: ModelDirectory
    public var gateway: Gateway
    /// Tells the gateway of what is changed here.
    public var gatewayFeed: GatewayFeed
    public var usage: UsageBook
    public var backoff: BackoffStore
    public var actions: Actions
    /// Where the key of a machine slot lies or is to be made; `nil` when the settings name no place.
    public var machineKey: MachineKeySource?
    /// Servers whose tools models may call; without it there are none.
    public var tools: ToolServers?
    /// What tools reach at `/mcp`; without it nothing is there.
    public var mcp: MCPAccess?
    public var configuration: APIConfiguration
    public var wallClock: WallClock
    /// For time-outs and signs of life.
    public var clock: any Clock<Duration>
    public var logger: Logger
    /// What takes the web app's reports of its own failures now; `nil` while they are not wanted.
    public var pageReports: @Sendable () -> TelemetryAccess? = { nil }
    /// Where telemetry goes; without it there are no such routes.
    public var telemetry: Telemetry?
    /// The journal while it is open; `nil` when nothing was ever to be sent. Throws why it cannot be opened.
    public var journal: @Sendable () throws -> Journal? = { nil }
    /// The figures that charts show; without them there is no such route.
    public var figures: FigureHistory?
    /// Is told of failures that nobody expected.
    public var reporter: any ErrorReporter = NoErrorReporter()
    /// The hub of tools; without tokens until the bootstrap names who knows them.
    public var hub = HubSettings()
    /// Begins a trace with a request of a tool that brings none; `nil` when it is not kept. There are very many of
    /// these, which must not pay for what nobody sees.
    public var beginTrace: @Sendable () -> InstrumentationContext? = { nil }
    /// The last lines of the log; of no log until the bootstrap names one.
    public var logs = LogTail()

    /// Lists what the interface works with.
    public init(
        vault: Vault,
        store: SealedStore,
        library: Library,
        assistant: Assistant,
        models: ModelDirectory,
        gateway: Gateway,
        gatewayFeed: GatewayFeed,
        usage: UsageBook,
        backoff: BackoffStore,
        actions: Actions,
        machineKey: MachineKeySource? = nil,
        tools: ToolServers? = nil,
        mcp: MCPAccess? = nil,
        configuration: APIConfiguration,
        wallClock: WallClock = .system,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger
    ) {
        self.vault = vault
        self.store = store
        self.library = library
        self.assistant = assistant
        self.models = models
        self.gateway = gateway
        self.gatewayFeed = gatewayFeed
        self.usage = usage
        self.backoff = backoff
        self.actions = actions
        self.machineKey = machineKey
        self.tools = tools
        self.mcp = mcp
        self.configuration = configuration
        self.wallClock = wallClock
        self.clock = clock
        self.logger = logger
    }
}
