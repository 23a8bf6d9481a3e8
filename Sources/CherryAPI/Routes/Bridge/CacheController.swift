import CherryBridge
import CherryCache
import CherryCore
import Hummingbird

/// The answers that are kept to be given again: how many, which, and how they are forgotten.
struct CacheController: Sendable {
    private struct Figures: Encodable {
        let entries: Int
        let bytes: Int

        init(_ statistics: CacheStatistics) {
            self.entries = statistics.entries
            self.bytes = statistics.bytes
        }
    }

    private struct View: Encodable {
        let entries: Int
        let bytes: Int
        let semantic: Figures
    }

    let gateway: Gateway

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/cache") { call in
            try call.query().finish()
            let exact = try await self.gateway.answers.statistics()
            let semantic = Figures(self.gateway.semantic.statistics())
            return .json(View(entries: exact.entries, bytes: exact.bytes, semantic: semantic))
        }
        routes.delete("/api/v1/cache") { _ in
            self.gateway.semantic.purge()
            try await self.gateway.answers.purge()
            return .noContent()
        }
        routes.get("/api/v1/cache/semantic") { call in
            var query = try call.query()
            let token = try query.id("token")
            let limit = try query.integer("limit", in: 1...1000, default: 200)
            try query.finish()
            let entries = self.gateway.semantic.entries(of: token, limit: Int(limit))
            return .json(Items(items: entries.map(SemanticEntryView.init)))
        }
        routes.delete("/api/v1/cache/semantic") { call in
            var query = try call.query()
            let token = try query.id("token")
            try query.finish()
            self.gateway.semantic.purge(of: token)
            return .noContent()
        }
        routes.delete("/api/v1/cache/semantic/{id}") { call in
            guard self.gateway.semantic.remove(try call.id(of: "answer")) else { throw APIError.notFound("answer") }
            return .noContent()
        }
    }
}
