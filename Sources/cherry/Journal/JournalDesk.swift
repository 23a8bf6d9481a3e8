import CherryApp
import CherryJournal
import Foundation

/// Where a command reaches the journal.
protocol JournalDesk {
    /// Whether what is queued is being sent meanwhile.
    var isDelivering: Bool { get }

    func journal() async throws -> JournalAnswer
    func verify() async throws -> JournalVerificationAnswer
    /// Waits until nothing is queued, at most so many seconds.
    func drain(seconds: Int) async throws -> [JournalAccountAnswer]
    func quarantine() async throws -> [QuarantinedRecordAnswer]
    /// Puts a destination's records back into the queue: one, or all without an id. Returns how many.
    func retry(_ destination: String, id: String?) async throws -> Int
    /// Throws a destination's records away: one, or all without an id. Returns how many.
    func discard(_ destination: String, id: String?) async throws -> Int
}

/// Finds the journal of the settings' data directory: at the server that runs, or in its folder.
enum JournalDesks {
    private static let none = "There is no journal yet: nothing was to be sent anywhere."

    /// Hands the journal to `body`; says so when there is none.
    static func with(
        _ passphrase: PassphraseOptions,
        _ body: @escaping @Sendable (any JournalDesk) async throws -> Void
    ) async throws {
        let settings = try await Settings.load()
        if DataDirectory.runningServer(in: settings.dataDirectory) != nil {
            try await ServerSession.withServer { server in
                try await server.logIn(passphrase.current())
                let desk = ServerJournalDesk(server: server)
                guard try await desk.exists() else { return print(Self.none) }
                try await body(desk)
            }
            return
        }
        guard FileManager.default.fileExists(atPath: settings.journalFolder) else { return print(Self.none) }
        let directory = try DataDirectory(path: settings.dataDirectory)
        let journal = try await settings.openJournal()
        try await body(FolderJournalDesk(contents: journal))
        try await journal.close()
        withExtendedLifetime(directory) {}
    }
}
