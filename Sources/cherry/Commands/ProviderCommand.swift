public import ArgumentParser
public import CherryCore
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

        @Option(help: "What it speaks: \(Provider.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
        var kind = Provider.Kind.openAI

        @Option(
            name: .customLong("base-url"),
            help: "Its address up to the version, such as https://host/v1; the usual one of its kind if left out."
        )
        var baseURL: String?

        @Option(help: "The model to use when nothing else is chosen.")
        var model: String?

        @Option(name: .customLong("context"), help: "How many tokens that model reads and writes together.")
        var contextLength: Int?

        @Flag(name: .customLong("private-addresses"), help: "Its name may lead to this machine or its network.")
        var allowsPrivateAddresses = false

        @Flag(name: .customLong("no-key"), help: "It needs no key.")
        var needsNoKey = false

        @Option(name: .customLong("key-fd"), help: "Read the key from this descriptor instead of asking for it.")
        var keyDescriptor: Int32?

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                var body = RequestBody(fields: [
                    "name": .string(self.name), "kind": .string(self.kind.rawValue),
                    "baseURL": .string(try await self.address(server)),
                    "allowsPrivateAddresses": .bool(self.allowsPrivateAddresses),
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

        /// The address that was given, or the one that nearly everybody enters.
        private func address(_ server: ServerSession) async throws -> String {
            if let baseURL { return baseURL }
            let answer: ItemsAnswer<ProviderKindAnswer> = try await server.call("GET", "/api/v1/provider-kinds")
            let kind = answer.items.first { $0.kind == self.kind }
            guard let address = kind?.baseURL else {
                throw CommandError(
                    "invalid",
                    "A provider of this kind needs an address.",
                    hint: "Add: --base-url \(kind?.example ?? "https://…")"
                )
            }
            return address
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
                    let kind = provider.value.kind.rawValue
                    print("\(provider.id)  \(provider.value.name)  \(kind)  \(provider.value.baseURL)  \(model)")
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
                let models = "\(answer.models.count) \(answer.models.count == 1 ? "model" : "models")"
                print("It answered in \(answer.latencyMilliseconds) ms and offers \(models).")
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

extension Provider.Kind: ExpressibleByArgument {}

extension RecordID {
    /// Reads an id that was typed.
    static func argument(_ text: String, from list: String = "cherry provider list") throws -> RecordID {
        guard let id = RecordID(text) else {
            throw CommandError("invalid", "That is not an id.", hint: "Copy it from: \(list)")
        }
        return id
    }
}
