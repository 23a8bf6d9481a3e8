import CherryJournal
import Hummingbird

/// What is on its way to someone else, and what to do with what was refused.
struct JournalController: Sendable {
    private static let recordID = TextRule(minimum: 32, maximum: 32) { text in
        text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            ? nil : "must have small hexadecimal digits only"
    }
    /// As many as quarantine holds.
    private static let recordLimit = 10_000
    /// Seconds that one request waits at most.
    private static let patience: Int64 = 60

    /// The journal while it is open; `nil` when there is none.
    let journal: @Sendable () throws -> Journal?

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/journal") { call in
            try call.query().finish()
            return .json(await JournalView(try self.opened()))
        }
        routes.post("/api/v1/journal/verify", pace: .long) { _ in
            .json(JournalVerificationView(try await self.opened().verify()))
        }
        routes.post("/api/v1/journal/drain", pace: .long) { try await self.drain($0) }
        routes.get("/api/v1/journal/quarantine") { try await self.list($0) }
        routes.post("/api/v1/journal/quarantine/{destination}/retry") { call in
            try await self.change(call) { try await $0.retry($1) }
        }
        routes.post("/api/v1/journal/quarantine/{destination}/discard") { call in
            try await self.change(call) { try await $0.discard($1) }
        }
    }

    private func opened() throws -> Journal {
        guard let journal = try self.journal() else {
            throw APIError(.notFound, "notFound", "There is no journal yet: nothing was to be sent anywhere.")
        }
        return journal
    }

    private func drain(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let seconds = try fields.integer("seconds", in: 0...Self.patience)
        try fields.finish()
        let ledger = await (try self.opened()).drain(atMost: .seconds(seconds))
        return .json(JournalDrainView(destinations: ledger.map(JournalView.Account.init)))
    }

    private func list(_ call: Call) async throws -> Response {
        var query = try call.query()
        let destination = query.text("destination")
        try query.finish()
        var records = await (try self.opened()).quarantined()
        if let destination { records.removeAll { $0.destination != destination } }
        return .json(Items(items: records.map(QuarantinedRecordView.init)))
    }

    /// Does something to the records that the body names, or to all of the destination's when it names none.
    private func change(
        _ call: Call,
        _ act: (Journal, [QuarantinedRecord.Name]) async throws -> Void
    ) async throws -> Response {
        var fields = try await call.fields()
        let ids = try fields.optionalTexts("ids", Self.recordID, atMost: Self.recordLimit)
        try fields.finish()
        let journal = try self.opened()
        guard let destination = call.context.parameters.get("destination"),
            await journal.ledger().contains(where: { $0.destination == destination })
        else { throw APIError.notFound("destination") }
        let names: [QuarantinedRecord.Name]
        if let ids {
            names = Set(ids).map { QuarantinedRecord.Name(destination: destination, id: $0) }
        } else {
            names = await journal.quarantined().filter { $0.destination == destination }.map(\.name)
        }
        try await act(journal, names)
        return .json(JournalCountView(records: names.count))
    }
}
