import ArgumentParser
import CherryApp
import Foundation

/// What a Prometheus needs to read the figures.
struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Let a Prometheus read the server's figures.",
        subcommands: [Token.self]
    )
}

extension MetricsCommand {
    struct Token: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the token that a scraper shows; it is printed once and kept nowhere.",
            discussion: """
                The token before it stops working at once. Figures are served where CHERRY_METRICS_ADDRESS says, such as \
                127.0.0.1:9464. deploy/prometheus has a configuration to begin with.
                """
        )

        func run() async throws {
            let settings = try await Settings.load()
            if settings.metricsTokenFile != nil {
                throw CommandError(
                    "invalid",
                    "CHERRY_METRICS_TOKEN_FILE names a token of your own, and that one counts.",
                    hint: "Put another token into that file, or leave the setting out."
                )
            }
            print(try MetricsTokenFile.make(in: settings.dataDirectory))
            if settings.metricsAddress == nil {
                FileHandle.standardError.write(
                    Data(
                        """
                        Figures are not served yet: start the server with CHERRY_METRICS_ADDRESS, such as 127.0.0.1:9464.

                        """.utf8
                    )
                )
            }
        }
    }
}
