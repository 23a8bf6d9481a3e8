import ArgumentParser
import CherryApp
import CherryCore

/// Says what is on, where it goes, what was last accepted, and tries it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say how the server and its telemetry do, and send a test event through each destination."
    )

    @Flag(name: .customLong("no-test"), help: "Send no test events.")
    var skipsTests = false

    @OptionGroup var passphrase: PassphraseOptions

    func run() async throws {
        let settings = try await Settings.load()
        print("Cherry \(version), data in \(settings.dataDirectory)")
        print("Server: \(DataDirectory.runningServer(in: settings.dataDirectory) == nil ? "not running" : "running")")
        print("Log: \(settings.logLevel) and above, on standard error")
        print(
            "Metrics: \(settings.metricsAddress.map { "served at http://\($0)/metrics" } ?? "off; set CHERRY_METRICS_ADDRESS")"
        )
        try await ServerSession.withServer { server in
            try await server.logIn(self.passphrase.current())
            let telemetry: TelemetryAnswer = try await server.call("GET", "/api/v1/telemetry")
            print("Installation: \(telemetry.environment)")
            var failed: [String] = []
            for destination in telemetry.destinations {
                guard destination.isSet else {
                    print("\(destination.title): off; it would take \(destination.takes)")
                    continue
                }
                let place = destination.values["url"] ?? destination.values["servers"] ?? "as set"
                print("\(destination.title): on, is sent \(destination.takes) at \(place)")
                for line in destination.lines(at: .now) { print("  \(line)") }
                guard !self.skipsTests else { continue }
                print("  ", terminator: "")
                if try await !destination.test(by: server) { failed.append(destination.title) }
            }
            guard failed.isEmpty else {
                throw CommandError(
                    "unreachable",
                    "Not everything arrives: \(failed.joined(separator: ", ")).",
                    hint: "What waits is kept and sent later. See the settings with: cherry telemetry list"
                )
            }
        }
    }
}
