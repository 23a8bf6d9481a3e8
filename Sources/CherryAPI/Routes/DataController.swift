import CherryAssistant
import CherryCore
import CherryVault
import HTTPTypes
import Hummingbird
import Synchronization

/// Everything at once: taking it out, bringing it in, destroying it.
struct DataController: Sendable {
    private struct Imported: Encodable {
        struct Counts: Encodable {
            let conversations: Int
            let messages: Int
            let personas: Int
            let context: Int
            let preferences: Int
            let providers: Int
        }
        let imported: Counts
        let skipped: Int
    }

    /// Whether an import is running. One holds the whole file in memory, so there is one at a time.
    private final class ImportSlot: Sendable {
        private let isTaken = Mutex(false)

        func take() throws {
            let wasTaken = self.isTaken.withLock { taken in
                defer { taken = true }
                return taken
            }
            if wasTaken {
                throw APIError(
                    .conflict,
                    "importRunning",
                    "Another import is running.",
                    hint: "Wait until it has finished."
                )
            }
        }

        func giveBack() { self.isTaken.withLock { $0 = false } }
    }

    let dependencies: APIDependencies
    let access: AccessControl
    private let importSlot = ImportSlot()

    /// Creates the controller.
    init(dependencies: APIDependencies, access: AccessControl) {
        self.dependencies = dependencies
        self.access = access
    }

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.post("/api/v1/export", pace: .long) { try await self.export($0) }
        routes.add(
            Route(
                method: .post,
                template: "/api/v1/import",
                pace: .long,
                bodyLimit: self.dependencies.configuration.limits.importBody
            )
        ) { try await self.bringIn($0) }
        routes.post("/api/v1/erase", pace: .long) { try await self.erase($0) }
    }

    private func export(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let format = try fields.choice("format", of: ExportFormat.self)
        let login = try fields.loginKeys()
        try fields.finish()
        try await self.access.confirm(login)
        await self.access.audit.record(.exported, by: try call.session)
        let library = self.dependencies.library
        return format.response(named: "cherry", at: self.dependencies.wallClock.now) { write in
            switch format {
            case .json: try await library.exportJSON(to: write)
            case .markdown: try await library.exportMarkdown(to: write)
            }
        }
    }

    private func bringIn(_ call: Call) async throws -> Response {
        try self.importSlot.take()
        defer { self.importSlot.giveBack() }
        let summary = try await self.dependencies.library.importJSON(try await call.jsonData())
        await self.access.audit.record(.imported, by: try call.session)
        return .json(
            Imported(
                imported: Imported.Counts(
                    conversations: summary.conversations,
                    messages: summary.messages,
                    personas: summary.personas,
                    context: summary.context,
                    preferences: summary.preferences,
                    providers: summary.providers
                ),
                skipped: summary.skipped
            )
        )
    }

    private func erase(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let login = try fields.loginKeys()
        try fields.finish()
        try await self.access.confirm(login)
        try await self.dependencies.actions.erase()
        self.access.vaultDidLock()
        return .noContent(headers: self.access.farewell)
    }
}
