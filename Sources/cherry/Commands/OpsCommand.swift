import ArgumentParser
import CherryApp
import CherryCore
import CherryNet
import CherryObservability
import Foundation

/// What is done to an installation from outside of it.
struct OpsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ops",
        abstract: "Work around a release.",
        subcommands: [SentryRelease.self]
    )
}

extension OpsCommand {
    struct SentryRelease: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sentry-release",
            abstract: "Upload the web app's source maps to a Sentry server.",
            discussion: """
                Afterwards errors of pages name the files that they were written in. The token comes from \
                --token-file or from the variable SENTRY_AUTH_TOKEN, never from an argument.
                """
        )

        @Option(help: "The server's address, such as https://sentry.example.com.")
        var url: String

        @Option(name: .customLong("org"), help: "The organisation's name in addresses; Bugsink takes any.")
        var organization: String

        @Option(help: "The project's name in addresses.")
        var project: String = "cherry"

        @Option(help: "The folder of source maps that the build of the web app leaves.")
        var maps: String = "web/maps"

        @Option(help: "The folder of the web app's files; dist beside the maps unless it is given.")
        var files: String?

        @Option(help: "The release; that of this program unless it is given.")
        var release: String = "cherry@\(version)"

        @Option(name: .customLong("token-file"), help: "A file with the token alone.")
        var tokenFile: String?

        func run() async throws {
            let place = try ReleaseUpload.Place(
                base: self.url,
                organization: self.organization,
                project: self.project,
                token: try self.token()
            )
            let transport = HTTPTransport()
            let folder = URL(filePath: self.maps).deletingLastPathComponent().appending(path: "dist").path
            let result: Result<Int, any Error>
            do {
                let upload = ReleaseUpload(place, transport: transport)
                let files = self.files ?? folder
                result = .success(try await upload.upload(maps: self.maps, files: files, release: self.release))
            } catch {
                result = .failure(error)
            }
            await transport.shutdown()
            print("The server has the source maps of \(try result.get()) files of \(self.release).")
        }

        private func token() throws -> Secret<String> {
            let text: String
            if let tokenFile {
                guard let data = FileManager.default.contents(atPath: tokenFile),
                    let read = String(validating: data.prefix(4096), as: UTF8.self)
                else {
                    throw CommandError("invalid", "The file of the token cannot be read.")
                }
                text = read
            } else if let variable = ProcessInfo.processInfo.environment["SENTRY_AUTH_TOKEN"] {
                text = variable
            } else {
                throw CommandError(
                    "invalid",
                    "There is no token.",
                    hint: "Name a file that holds it with --token-file, or set SENTRY_AUTH_TOKEN."
                )
            }
            return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}
