import CherryAssistant
import CherryBridge
import CherryCore
import Hummingbird

/// What was used and what it cost: added up, one by one, and as it happens.
struct UsageController: Sendable {
    private struct Sums: Encodable {
        let from: String
        let to: String
        let items: [UsageSumView]
        /// Exchanges that could not be written down since the start.
        let dropped: Int
    }

    private struct Page: Encodable {
        let items: [UsageRecord]
        let next: String?
    }

    /// The days that are shown when none are asked for.
    private static let usualDays: Int64 = 30
    private static let longestSpan: Int64 = 3660

    let gateway: Gateway
    let usage: UsageBook
    let streams: EventStreams
    let clock: WallClock

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/usage") { try await self.sums($0) }
        routes.get("/api/v1/usage/records") { try await self.page($0) }
        routes.add(Route(method: .get, template: "/api/v1/exchanges", isActivity: false)) { call in
            try call.query().finish()
            return .json(Items(items: self.gateway.running.map(ExchangeView.init)))
        }
        routes.add(Route(method: .get, template: "/api/v1/exchanges/events", isActivity: false)) { call in
            try call.query().finish()
            let gateway = self.gateway
            return try self.streams.response(to: call, encoder: ExchangeEventEncoder(), isActivity: false) {
                gateway.reports()
            }
        }
    }

    private func sums(_ call: Call) async throws -> Response {
        var query = try call.query()
        let selection = try self.selection(&query)
        var groupings: Set<UsageSum.Grouping> = []
        for name in (query.text("by") ?? "day").split(separator: ",", omittingEmptySubsequences: false) {
            guard let grouping = UsageSum.Grouping(rawValue: String(name)) else {
                let known = UsageSum.Grouping.allCases.map(\.rawValue).joined(separator: ", ")
                throw APIError.invalid("by: must be a list of \(known).")
            }
            groupings.insert(grouping)
        }
        try query.finish()
        let sums = try await self.usage.sums(of: selection, by: groupings)
        return .json(
            Sums(
                from: Timestamp.dateText(utcDay: selection.days.lowerBound),
                to: Timestamp.dateText(utcDay: selection.days.upperBound),
                items: sums.map(UsageSumView.init),
                dropped: self.usage.dropped
            )
        )
    }

    private func page(_ call: Call) async throws -> Response {
        var query = try call.query()
        let selection = try self.selection(&query)
        let limit = try query.integer("limit", in: 1...1000, default: 100)
        let cursor = try query.text("before").map { text in
            guard let cursor = UsageCursor(text) else {
                throw APIError.invalid("before: is no place among the records.")
            }
            return cursor
        }
        try query.finish()
        let page = try await self.usage.page(of: selection, before: cursor, limit: Int(limit))
        return .json(Page(items: page.records, next: page.next?.description))
    }

    private func selection(_ query: inout Query) throws -> UsageSelection {
        let today = self.clock.now.utcDay
        let to = try query.day("to") ?? today
        let from = try query.day("from") ?? to - Self.usualDays
        guard from <= to, to - from <= Self.longestSpan else {
            throw APIError.invalid("from: must be before `to`, by ten years at most.")
        }
        return UsageSelection(
            days: from...to,
            tokenID: try query.id("token"),
            conversationID: try query.id("conversation")
        )
    }
}

extension Query {
    /// A day such as `2026-11-24`, in days since 1970-01-01, if there is one.
    fileprivate mutating func day(_ name: String) throws -> Int64? {
        guard let text = self.text(name) else { return nil }
        guard let day = Timestamp.utcDay(dateText: Array(text.utf8)[...]) else {
            throw APIError.invalid("\(name): must be a day such as 2026-11-24.")
        }
        return day
    }
}
