import CherryObservability
import Foundation
import Hummingbird
import Logging

/// The last lines of the log: found, and as they are written.
struct LogsController: Sendable {
    /// Characters of a search.
    private static let textLimit = 200
    private static let positions = 0...Int64(1 << 53)

    let logs: LogTail
    let streams: EventStreams

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.add(Route(method: .get, template: "/api/v1/logs", isActivity: false)) { try self.page($0) }
        routes.add(Route(method: .get, template: "/api/v1/logs/events", isActivity: false)) { try self.follow($0) }
    }

    private func page(_ call: Call) throws -> Response {
        var query = try call.query()
        let filter = LogFilter(
            level: try query.level("level"),
            label: try query.text("label", upTo: Self.textLimit),
            text: try query.text("text", upTo: Self.textLimit)
        )
        let before = try query.integer("before", in: Self.positions, default: Self.positions.upperBound)
        let limit = try query.integer("limit", in: 1...1000, default: 200)
        try query.finish()
        let entries = self.logs.entries(matching: filter, before: before, limit: Int(limit))
        var json = Data(#"{"items":["#.utf8)
        json.append(Data(entries.map(LogEventEncoder.json).joined(separator: Data(",".utf8))))
        json.append(Data(#"],"last":\#(self.logs.last)}"#.utf8))
        return .json(data: json)
    }

    private func follow(_ call: Call) throws -> Response {
        var query = try call.query()
        let asked = try query.integer("after", in: Self.positions, default: 0)
        try query.finish()
        // As for replies: a client that connects again by itself sends the header, which is newer.
        let resumed = call.request.headers[.lastEventID].flatMap { Int64($0) }
        let after = resumed.flatMap { Self.positions.contains($0) ? $0 : nil } ?? asked
        let logs = self.logs
        return try self.streams.response(to: call, encoder: LogEventEncoder(), isActivity: false) {
            logs.follow(after: after)
        }
    }
}

extension Query {
    /// A level of the log, the least severe one when there is none.
    fileprivate mutating func level(_ name: String) throws -> Logger.Level {
        guard let text = self.text(name) else { return .trace }
        guard let level = Logger.Level(rawValue: text) else {
            let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid("\(name): must be one of \(known).")
        }
        return level
    }

    /// A text of at most `limit` characters, if there is one.
    fileprivate mutating func text(_ name: String, upTo limit: Int) throws -> String? {
        guard let text = self.text(name) else { return nil }
        guard text.unicodeScalars.count <= limit else {
            throw APIError.invalid("\(name): must have at most \(limit) characters.")
        }
        return text
    }
}
