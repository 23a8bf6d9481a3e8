import CherryCore
import CherryStore
import CherryVault
import Hummingbird

/// The status page.
struct SystemController: Sendable {
    private struct System: Encodable {
        struct Store: Encodable {
            let engine: String
            let bytes: Int64
            let records: Int
            let integrity: SystemInformation.Integrity
        }
        let version: String
        let startedAt: Timestamp
        let vault: String
        let role: String
        let store: Store
        let memoryBytes: Int64
        let localModel: SystemInformation.LocalModel
        /// Event streams that are open.
        let streams: Int
        /// The newest position of the change feed since the start; 0 before the first write.
        let feedPosition: Int64
    }

    let dependencies: APIDependencies
    let hub: StreamHub
    let feed: FeedPosition

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.add(Route(method: .get, template: "/api/v1/system", isActivity: false)) { try await self.show($0) }
    }

    private func show(_ call: Call) async throws -> Response {
        try call.query().finish()
        let information = await self.dependencies.actions.systemInformation()
        let statistics = try await self.dependencies.store.statistics()
        return .json(
            System(
                version: self.dependencies.configuration.version,
                startedAt: information.startedAt,
                vault: self.dependencies.vault.state.name,
                role: information.role,
                store: System.Store(
                    engine: information.storeEngine,
                    bytes: statistics.bytes,
                    records: statistics.records,
                    integrity: information.integrity
                ),
                memoryBytes: information.memoryBytes,
                localModel: information.localModel,
                streams: self.hub.count,
                feedPosition: self.feed.value ?? 0
            )
        )
    }
}
