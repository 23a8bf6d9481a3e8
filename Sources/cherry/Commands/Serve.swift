import ArgumentParser
import CherryApp
import Foundation

/// Runs the server until it is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server: API, web app and assistant in one process.",
        discussion: """
            Settings come from CHERRY_… variables and ~/.config/cherry/config.json; docs/settings.md lists them. The \
            server starts sealed. SIGUSR1 locks it, SIGTERM ends it.
            """
    )

    @Option(help: "The address to listen on.")
    var host: String?

    @Option(help: "The port to listen on.")
    var port: Int?

    func run() async throws {
        var settings = try await Settings.load()
        if let host { settings.host = host }
        if let port { settings.port = port }
        CherryServer.recordCrashes(in: settings.dataDirectory)
        try await CherryServer(settings).run { address in
            // Written past the buffer: whoever waits for this line reads a pipe.
            FileHandle.standardOutput.write(Data("cherry \(version) is ready at \(address)\n".utf8))
        }
    }
}
