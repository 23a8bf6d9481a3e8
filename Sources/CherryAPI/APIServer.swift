import CherryAssistant
import CherryBridge
import CherryCore
import CherryStore
import CherryVault
public import Hummingbird
public import HummingbirdCore
import NIOCore
public import ServiceLifecycle

/// The HTTP interface: routes, sessions, event streams and the web app's files.
///
/// It is a service besides: while it runs, a vault that locks for any reason ends the sessions and streams at once.
/// Even without that, nothing is answered from a locked vault.
public final class APIServer: Sendable, Service {
    private let dependencies: APIDependencies
    private let access: AccessControl
    private let feed = FeedPosition()
    private let handshake: HubHandshake
    private let mcp: MCPSessions?
    private let doorStreams = DoorStreams()
    private let metrics = RequestMetrics()

    /// Creates the interface.
    public init(_ dependencies: APIDependencies) {
        self.dependencies = dependencies
        self.access = AccessControl(dependencies)
        self.handshake = HubHandshake(dependencies, access: self.access)
        self.mcp = dependencies.mcp.map {
            MCPSessions(server: $0.server, store: dependencies.store, vault: dependencies.vault)
        }
    }

    /// Follows the vault and the change feed until shutdown.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await _ in self.dependencies.vault.lockEvents.cancelOnGracefulShutdown() {
                    self.access.vaultDidLock()
                    self.handshake.hub.closeAll(.sealed)
                    self.mcp?.closeAll()
                    await self.dependencies.gateway.empty(except: self.dependencies.vault.state.unlockedSince)
                    self.doorStreams.abortAll()
                }
            }
            group.addTask { await self.keepStreamsAlive() }
            group.addTask { await self.handshake.hub.run() }
            if let mcp {
                group.addTask { await mcp.run() }
                group.addTask { await mcp.followChanges() }
            }
            group.addTask {
                for await position in self.dependencies.store.positions().cancelOnGracefulShutdown() {
                    self.feed.update(position)
                }
            }
        }
    }

    /// Gives silent streams of the doors a sign of life.
    private func keepStreamsAlive() async {
        let part = self.dependencies.configuration.pingInterval / DoorStream.ticksPerHeartbeat
        await cancelWhenGracefulShutdown {
            while (try? await self.dependencies.clock.sleep(for: part)) != nil {  // cancelled: shutting down
                self.doorStreams.tick()
            }
        }
    }

    private var doors: Doors { Doors(self.dependencies, streams: self.doorStreams, metrics: self.metrics) }

    /// How much is open now: streams to browsers, streams at the doors, tools at the hub.
    public var openCounts: (browserStreams: Int, doorStreams: Int, hubConnections: Int) {
        (self.access.hub.count, self.doorStreams.streamCount, self.handshake.hub.connectionCount)
    }

    /// What answers every request: the doors of other tools, and the router.
    public func makeResponder() -> some HTTPResponder<AppRequestContext> {
        DoorResponder(
            doors: self.doors,
            next: self.makeRouter().buildResponder()
        )
    }

    /// HTTP/1.1 for this interface. A client that goes is noticed at once, also while its answer is waited for, and a
    /// connection may go over to the hub.
    public func makeServer(idleTimeout: Duration = .seconds(120)) -> HTTPServerBuilder {
        let pingInterval = TimeAmount(self.dependencies.hub.pingInterval)
        let doors = self.doors
        return HTTPServerBuilder { responder in
            WatchedChannel(doors: doors, responder: responder, idleTimeout: TimeAmount(idleTimeout)) {
                [HubUpgradeHandler(pingInterval: pingInterval)]
            }
        }
    }

    /// Builds the router with every route, check and header.
    func makeRouter() -> Router<AppRequestContext> {
        let (router, builder) = self.assemble()
        let configuration = self.dependencies.configuration
        router.add(middleware: SecurityHeadersMiddleware(isSecure: configuration.isSecure))
        router.add(middleware: TraceMiddleware())
        router.add(middleware: AccessLogMiddleware(reporter: self.dependencies.reporter, metrics: self.metrics))
        router.add(middleware: ErrorMiddleware(reporter: self.dependencies.reporter))
        router.add(middleware: HostMiddleware(hosts: KnownHosts(configuration)))
        router.add(middleware: HubMiddleware(handshake: self.handshake))
        router.add(
            middleware: FallbackMiddleware(
                routes: builder.table,
                web: WebRoot(path: configuration.webRoot, logger: self.dependencies.logger)
            )
        )
        builder.register()
        return router
    }

    /// The templates of all routes, which reports may name. They are the same for every server.
    public var templates: Set<String> {
        Doors.templates.union(self.assemble().builder.table.routes.map(\.template))
    }

    /// Every route of the interface that the document describes.
    var routes: [Route] { self.assemble().builder.table.routes.filter { $0.access != .token } }

    private func assemble() -> (router: Router<AppRequestContext>, builder: RouteBuilder) {
        let dependencies = self.dependencies
        let access = self.access
        let router = Router(context: AppRequestContext.self)
        let builder = RouteBuilder(router: router, guards: access.guards)
        let streams = EventStreams(
            hub: access.hub,
            sessions: access.sessions,
            vault: dependencies.vault,
            clock: dependencies.clock,
            pingInterval: dependencies.configuration.pingInterval
        )
        HealthController(dependencies: dependencies, access: access).addRoutes(to: builder)
        UnlockController(dependencies: dependencies, access: access).addRoutes(to: builder)
        SessionsController(access: access).addRoutes(to: builder)
        VaultController(dependencies: dependencies, access: access).addRoutes(to: builder)
        ConversationsController(store: dependencies.store, library: dependencies.library, clock: dependencies.wallClock)
            .addRoutes(to: builder)
        MessagesController(
            store: dependencies.store,
            library: dependencies.library,
            assistant: dependencies.assistant,
            streams: streams
        ).addRoutes(to: builder)
        TurnsController(assistant: dependencies.assistant).addRoutes(to: builder)
        ChangesController(store: dependencies.store, streams: streams, feed: self.feed, metrics: self.metrics)
            .addRoutes(to: builder)
        PersonasController(store: dependencies.store, clock: dependencies.wallClock).addRoutes(to: builder)
        PreferencesController(
            store: dependencies.store,
            clock: dependencies.wallClock,
            setIdleLimit: dependencies.actions.setIdleLimit
        ).addRoutes(to: builder)
        // A token must open the doors once its maker has it, and none once it is revoked.
        builder.telling({ await dependencies.gatewayFeed.follow() }) {
            ProvidersController(dependencies: dependencies, audit: access.audit).addRoutes(to: builder)
            AliasesController(store: dependencies.store, clock: dependencies.wallClock).addRoutes(to: builder)
            TokensController(dependencies: dependencies, audit: access.audit).addRoutes(to: builder)
            PricesController(store: dependencies.store, clock: dependencies.wallClock).addRoutes(to: builder)
        }
        CacheController(gateway: dependencies.gateway).addRoutes(to: builder)
        UsageController(
            gateway: dependencies.gateway,
            usage: dependencies.usage,
            streams: streams,
            clock: dependencies.wallClock
        ).addRoutes(to: builder)
        SearchController(library: dependencies.library).addRoutes(to: builder)
        DataController(dependencies: dependencies, access: access).addRoutes(to: builder)
        SystemController(dependencies: dependencies, hub: access.hub, feed: self.feed).addRoutes(to: builder)
        ContextController(store: dependencies.store).addRoutes(to: builder)
        LogsController(logs: dependencies.logs, streams: streams).addRoutes(to: builder)
        ReportsController(access: dependencies.pageReports, clock: dependencies.wallClock).addRoutes(to: builder)
        if let telemetry = dependencies.telemetry {
            TelemetryTargetsController(telemetry: telemetry, audit: access.audit).addRoutes(to: builder)
        }
        JournalController(journal: dependencies.journal).addRoutes(to: builder)
        if let figures = dependencies.figures { FiguresController(figures: figures).addRoutes(to: builder) }
        if let tools = dependencies.tools {
            ToolServersController(
                store: dependencies.store,
                tools: tools,
                clock: dependencies.wallClock,
                audit: access.audit
            ).addRoutes(to: builder)
        }
        if let mcp, let authorizer = dependencies.mcp?.authorizer {
            MCPController(
                authorizer: authorizer,
                sessions: mcp,
                events: MCPEvents(
                    sessions: mcp,
                    authorizer: authorizer,
                    clock: dependencies.clock,
                    pingInterval: dependencies.configuration.pingInterval
                ),
                hosts: KnownHosts(dependencies.configuration),
                vault: dependencies.vault
            ).addRoutes(to: builder)
        }
        return (router, builder)
    }
}
