import ArgumentParser
import CherryApp

/// The one program: the server and everything that one does to it.
@main
struct Cherry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cherry",
        abstract: "A private AI for one person, on that person's own machine.",
        version: version,
        subcommands: [
            Serve.self, VaultCommand.self, ProviderCommand.self, TokenCommand.self, UsageCommand.self,
            MCPCommand.self, TelemetryCommand.self, JournalCommand.self, MetricsCommand.self,
            DoctorCommand.self, OpsCommand.self,
        ]
    )

    static func main() async {
        do {
            var command = try Self.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Failure.exit(for: error)
        }
    }
}
