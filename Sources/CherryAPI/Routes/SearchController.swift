import CherryAssistant
import CherryCore
import Hummingbird

/// Search in what was said.
struct SearchController: Sendable {
    private struct Hit: Encodable {
        let messageID: RecordID
        let conversationID: RecordID
        let title: String
        let role: Message.Role
        let createdAt: Timestamp
        let snippet: String
        /// Start and length of each find, in UTF-16 units of the snippet.
        let ranges: [[Int]]
    }

    private struct Page: Encodable {
        let items: [Hit]
        let indexing: Bool
        let milliseconds: Int64
    }

    let library: Library

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.post("/api/v1/search") { try await self.search($0) }
    }

    private func search(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let query = try fields.text("query", .query)
        let limit = try fields.optionalInteger("limit", in: 1...100) ?? 20
        try fields.finish()
        let start = ContinuousClock.now
        let page = try await self.library.search(query, limit: Int(limit))
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        let hits = page.items.map { hit in
            Hit(
                messageID: hit.messageID,
                conversationID: hit.conversationID,
                title: hit.title,
                role: hit.role,
                createdAt: hit.createdAt,
                snippet: hit.snippet,
                ranges: hit.ranges.map { [$0.lowerBound, $0.count] }
            )
        }
        return .json(
            Page(
                items: hits,
                indexing: page.isIndexing,
                milliseconds: seconds * 1000 + attoseconds / 1_000_000_000_000_000
            )
        )
    }
}
