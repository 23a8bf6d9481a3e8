import CherryCore
import CherryStore
import Hummingbird

/// Notes and facts: to look through what tools have kept, and to throw it away.
struct ContextController: Sendable {
    let store: SealedStore

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/context") { call in
            try call.query().finish()
            let items = try await self.store.list(ContextItem.self).sorted { $0.value.id > $1.value.id }
            return .json(Items(items: items.map { Envelope($0) }))
        }
        routes.delete("/api/v1/context/{id}") { call in
            let id = try call.id(of: "note")
            _ = try await self.store.require(ContextItem.self, id, called: "note")
            try await self.store.delete(.context, id)
            return .noContent()
        }
    }
}
