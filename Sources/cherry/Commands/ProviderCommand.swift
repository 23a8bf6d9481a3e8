import ArgumentParser
import CherryCore
import Foundation

/// Language-model services.
struct ProviderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider",
        abstract: "Add, list, try and remove language-model providers.",
        subcommands: [Add.self, List.self, Test.self, Remove.self]
    )
}

extension ProviderCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a provider; its key goes into the vault.")

        @Option(help: "What you call it.")
        var name: String

        @Option(name: .customLong("base-url"), help: "Its address up to the version, such as https://host/v1")
        var baseURL: String

        @Option(help: "The model to use when nothing else is chosen.")
        var model: String?

        @Option(name: .customLong("context"), help: "How many tokens that model reads and writes together.")
        var contextLength: Int?

        @Flag(name: .customLong("no-key"), help: "It needs no key.")
        var needsNoKey = false

        @Option(name: .customLong("key-fd"), help: "Read the key from this descriptor instead of asking for it.")
        var keyDescriptor: Int32?

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                var body = RequestBody(fields: [
                    "name": .string(self.name), "kind": .string("openai"), "baseURL": .string(self.baseURL),
                ])
                if let model { body["defaultModel"] = .string(model) }
                if let contextLength { body["contextLength"] = .integer(Int64(contextLength)) }
                if !self.needsNoKey {
                    body["apiKey"] = .string(try SecretInput.read("Key", descriptor: self.keyDescriptor).exposed)
                }
                let provider: RecordAnswer<Provider> = try await server.call("POST", "/api/v1/providers", body: body)
                print("Added \(provider.value.name) as \(provider.id).")
                print("Try it with: cherry provider test \(provider.id)")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the providers.")

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                let answer: ItemsAnswer<RecordAnswer<Provider>> = try await server.call("GET", "/api/v1/providers")
                if answer.items.isEmpty { print("No provider yet; the small local model answers.") }
                for provider in answer.items {
                    let model = provider.value.defaultModel ?? "-"
                    print("\(provider.id)  \(provider.value.name)  \(provider.value.baseURL)  \(model)")
                }
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Ask a provider for its models.")

        @Argument(help: "The provider's id, from: cherry provider list")
        var id: String

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            let id = try RecordID.argument(self.id)
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                let answer: ProviderTestAnswer = try await server.call("POST", "/api/v1/providers/\(id)/test")
                if let error = answer.error { throw CommandError(error.code, error.message, hint: error.hint) }
                print("It answered in \(answer.latencyMilliseconds) ms and offers \(answer.models.count) models.")
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a provider and its key.")

        @Argument(help: "The provider's id, from: cherry provider list")
        var id: String

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            let id = try RecordID.argument(self.id)
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                try await server.call("DELETE", "/api/v1/providers/\(id)")
                print("Removed.")
            }
        }
    }
}

extension RecordID {
    /// Reads an id that was typed.
    static func argument(_ text: String) throws -> RecordID {
        guard let id = RecordID(text) else {
            throw CommandError("invalid", "That is not an id.", hint: "Copy it from: cherry provider list")
        }
        return id
    }
}
