import AsyncAlgorithms
import CherryCore
import CherryStore
import Foundation
import Hummingbird

/// The change feed, in pages and as it happens.
struct ChangesController: Sendable {
    /// What a browser may keep a copy of; never credentials, devices or the audit trail.
    private static let collections: Set<RecordCollection> = [
        .conversations, .messages, .personas, .preferences, .providers,
    ]

    let store: SealedStore
    let streams: EventStreams
    let feed: FeedPosition
    let metrics: RequestMetrics

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.add(Route(method: .get, template: "/api/v1/changes", isActivity: false)) { try await self.page($0) }
        routes.add(Route(method: .get, template: "/api/v1/events", isActivity: false)) { try self.follow($0) }
    }

    private func page(_ call: Call) async throws -> Response {
        var query = try call.query()
        let since = try query.integer("since", in: Fields.versions, default: 0)
        let limit = try query.integer("limit", in: 1...1000, default: 500)
        try query.finish()
        if let newest = self.feed.value { self.metrics.noteLag(newest - since) }
        let page = try await self.store.changes(since: since, limit: Int(limit), in: Self.collections)
        var items: [Data] = []
        for change in page.changes { items.append(try await self.item(change)) }
        // Values are passed on as they were stored, not decoded and encoded again: a first sync is large.
        var json = Data("{\"items\":[".utf8)
        json.append(Data(items.joined(separator: Data(",".utf8))))
        json.append(
            Data("],\"next\":\(page.next),\"hasMore\":\(page.hasMore),\"isStale\":\(page.isStale)}".utf8)
        )
        return .json(data: json)
    }

    private func item(_ change: Change) async throws -> Data {
        let record = change.record
        var json = Data(
            """
            {"id":"\(record.id)","version":\(record.version),"position":\(record.position),\
            "changedAt":\(record.changedAt.milliseconds),"collection":"\(record.collection.rawValue)",
            """.utf8
        )
        if let plaintext = change.plaintext {
            json.append(Data("\"value\":".utf8))
            json.append(record.collection == .providers ? try await self.provider(change) : plaintext)
        } else {
            json.append(Data("\"deleted\":true".utf8))
        }
        json.append(UInt8(ascii: "}"))
        return json
    }

    private func provider(_ change: Change) async throws -> Data {
        guard let provider = try self.store.value(Provider.self, of: change)?.value else { return Data("null".utf8) }
        let hasKey = try await self.store.get(StoredSecret.self, provider.id) != nil
        return JSON.encode(ProviderView(provider: provider, hasKey: hasKey))
    }

    private func follow(_ call: Call) throws -> Response {
        try call.query().finish()
        let (store, feed) = (self.store, self.feed)
        return try self.streams.response(to: call, encoder: FeedEventEncoder(), isActivity: false) {
            // Listening begins before the newest position is read, so that no write falls between the two.
            let positions = store.positions()
            return chain((feed.value.map { [$0] } ?? []).async, positions)
        }
    }
}
