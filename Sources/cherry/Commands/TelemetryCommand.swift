import ArgumentParser
import CherryCore
import Foundation

/// Where errors, traces and the log go.
struct TelemetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telemetry",
        abstract: "Say where errors, traces and the log go, and try it.",
        discussion: "Nothing goes anywhere until you set a destination. `cherry doctor` says how each one does.",
        subcommands: [List.self, Set.self, Remove.self, Test.self, Name.self]
    )
}

extension TelemetryCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the destinations and what each has to be told.")

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                let telemetry: TelemetryAnswer = try await server.call("GET", "/api/v1/telemetry")
                print("This installation is called \(telemetry.environment).")
                for destination in telemetry.destinations { print("\n" + destination.settings) }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a destination, or change some of its values.",
            discussion: """
                `cherry telemetry list` names the values that each takes. Secrets are asked for, or read from a descriptor, a \
                line each, in the order of --secret.

                    cherry telemetry set loki url=https://loki.example.com --secret token
                """
        )

        @Argument(help: "sentry, otlp, loki, elasticsearch or fluent.")
        var destination: String

        @Argument(help: "Values such as url=https://loki.example.com; with nothing after = the value is taken away.")
        var values: [String] = []

        @Option(name: .customLong("secret"), help: "A secret value to set, such as token; again for more.")
        var secrets: [String] = []

        @Option(name: .customLong("secret-fd"), help: "Read the secrets from this descriptor instead of asking.")
        var descriptor: Int32?

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            var changes: JSONObject = [:]
            for value in self.values {
                guard let sign = value.firstIndex(of: "=") else {
                    throw CommandError(
                        "invalid",
                        "A value has a name and a sign = before it.",
                        hint: "Such as: url=https://loki.example.com"
                    )
                }
                let text = value[value.index(after: sign)...]
                changes[String(value[..<sign])] = text.isEmpty ? .null : .string(String(text))
            }
            let given = changes
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                let now: TelemetryAnswer = try await server.call("GET", "/api/v1/telemetry")
                let target = try now.destination(self.destination)
                let fields = target.fields
                for name in given.keys + self.secrets where !fields.contains(where: { $0.name == name }) {
                    throw CommandError(
                        "invalid",
                        "\(target.title) has no value of the name \(name.prefix(40)).",
                        hint: "It has: \(fields.map(\.name).joined(separator: ", "))."
                    )
                }
                for field in fields where field.secret && given[field.name]?.string != nil {
                    throw CommandError(
                        "invalid",
                        "\(field.name) is a secret, and arguments can be read by others.",
                        hint: "Leave its value out and add: --secret \(field.name)"
                    )
                }
                var changes = given
                for name in self.secrets {
                    changes[name] = .string(try SecretInput.read(name, descriptor: self.descriptor).exposed)
                }
                let telemetry: TelemetryAnswer = try await server.call(
                    "PATCH",
                    "/api/v1/telemetry/\(self.destination)",
                    body: RequestBody(fields: ["values": .object(changes)])
                )
                print(try telemetry.destination(self.destination).settings)
                print("Try it with: cherry telemetry test \(self.destination)")
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send nothing there any more.")

        @Argument(help: "sentry, otlp, loki, elasticsearch or fluent.")
        var destination: String

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                let now: TelemetryAnswer = try await server.call("GET", "/api/v1/telemetry")
                let target = try now.destination(self.destination)
                guard target.isSet else {
                    print("\(target.title) is off already.")
                    return
                }
                try await server.call("DELETE", "/api/v1/telemetry/\(target.kind)")
                print("\(target.title) is sent nothing any more.")
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send one event and say what came of it.")

        @Argument(help: "sentry, otlp, loki, elasticsearch or fluent.")
        var destination: String

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                let telemetry: TelemetryAnswer = try await server.call("GET", "/api/v1/telemetry")
                let destination = try telemetry.destination(self.destination)
                guard destination.isSet else {
                    throw CommandError(
                        "invalid",
                        "\(destination.title) is off, so there is nothing to try.",
                        hint: "Set it up with: cherry telemetry set \(destination.kind)"
                    )
                }
                guard try await destination.test(by: server) else {
                    throw CommandError(
                        "unreachable",
                        "\(destination.title) did not take the event.",
                        hint: "See its settings with: cherry telemetry list"
                    )
                }
            }
        }
    }

    struct Name: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Name this installation for all destinations.")

        @Argument(help: "Such as production: small letters, digits and hyphens.")
        var environment: String

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                let body = RequestBody(fields: ["environment": .string(self.environment)])
                let telemetry: TelemetryAnswer = try await server.call("PATCH", "/api/v1/telemetry", body: body)
                print("This installation is called \(telemetry.environment).")
            }
        }
    }
}
