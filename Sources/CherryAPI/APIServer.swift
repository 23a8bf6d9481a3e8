import CherryBridge
import CherryCore
import CherryStore
import CherryVault
public import Hummingbird
public import NIOCore
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
                }
            }
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

    /// Builds the router with every route, check and header.
    public func makeRouter() -> Router<AppRequestContext> {
        let (router, builder) = self.assemble()
        let configuration = self.dependencies.configuration
        router.add(middleware: SecurityHeadersMiddleware(isSecure: configuration.isSecure))
        router.add(middleware: AccessLogMiddleware())
        router.add(middleware: ErrorMiddleware())
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

    /// What each connection needs between its HTTP and the router, so that it can become one to the hub.
    public func makeChannelHandlers() -> [any RemovableChannelHandler] {
        [HubUpgradeHandler(pingInterval: TimeAmount(self.dependencies.hub.pingInterval))]
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
        ChangesController(store: dependencies.store, streams: streams, feed: self.feed).addRoutes(to: builder)
        PersonasController(store: dependencies.store, clock: dependencies.wallClock).addRoutes(to: builder)
        PreferencesController(
            store: dependencies.store,
            clock: dependencies.wallClock,
            setIdleLimit: dependencies.actions.setIdleLimit
        ).addRoutes(to: builder)
        ProvidersController(dependencies: dependencies, audit: access.audit).addRoutes(to: builder)
        SearchController(library: dependencies.library).addRoutes(to: builder)
        DataController(dependencies: dependencies, access: access).addRoutes(to: builder)
        SystemController(dependencies: dependencies, hub: access.hub, feed: self.feed).addRoutes(to: builder)
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
