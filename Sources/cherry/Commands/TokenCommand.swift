public import ArgumentParser
public import CherryCore
import Foundation

/// What other tools show to speak through the bridge.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke tokens for other tools.",
        subcommands: [Add.self, List.self, Revoke.self]
    )
}

extension TokenCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token; it is printed once and kept nowhere."
        )

        @Option(help: "What you call the tool.")
        var name: String

        @Option(
            name: .customLong("model"),
            help: "A model or alias that it may ask for, such as smart or openai/*; again for more. All if left out."
        )
        var models: [String] = []

        @Option(
            help:
                "What it may do with your context: \(BridgeToken.ContextAccess.allCases.map(\.rawValue).joined(separator: ", "))."
        )
        var context = BridgeToken.ContextAccess.none

        @Option(name: .customLong("per-minute"), help: "Requests that it may make in a minute.")
        var requestsPerMinute: Int64?

        @Option(name: .customLong("daily-usd"), help: "US dollars that it may spend in a day (UTC), such as 1.50")
        var dailyDollars: Dollars?

        @Option(name: .customLong("monthly-usd"), help: "US dollars that it may spend in a month (UTC).")
        var monthlyDollars: Dollars?

        @Option(name: .customLong("daily-tokens"), help: "Tokens that it may use in a day.")
        var dailyTokens: Int64?

        @Option(name: .customLong("monthly-tokens"), help: "Tokens that it may use in a month.")
        var monthlyTokens: Int64?

        @Option(name: .customLong("expires-days"), help: "Days after which it stops working.")
        var expiresDays: Int64?

        @Option(
            name: .customLong("cache-seconds"),
            help: "Seconds for which the very same request gets the very same answer again."
        )
        var cacheSeconds: Int64?

        @Option(
            name: .customLong("semantic-threshold"),
            help:
                "Give answers again to questions that say the same, from 0.8 to 1: how alike they must be, such as 0.95."
        )
        var semanticThreshold: Double?

        @Option(name: .customLong("semantic-seconds"), help: "Seconds for which that is done; an hour if left out.")
        var semanticSeconds: Int64?

        @Option(
            name: .customLong("semantic-model"),
            help: "The embeddings model that compares questions; their wording is compared if left out."
        )
        var semanticModel: String?

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            var body = RequestBody(fields: [
                "name": .string(self.name), "contextAccess": .string(self.context.rawValue),
            ])
            if !self.models.isEmpty { body["models"] = .array(self.models.map { .string($0) }) }
            body["requestsPerMinute"] = self.requestsPerMinute.map { .integer($0) }
            body["cacheSeconds"] = self.cacheSeconds.map { .integer($0) }
            if let semantic = self.semanticCache { body["semanticCache"] = .object(semantic) }
            body["daily"] = .object(Self.budget(self.dailyDollars, self.dailyTokens))
            body["monthly"] = .object(Self.budget(self.monthlyDollars, self.monthlyTokens))
            if let days = self.expiresDays {
                guard (1...36_500).contains(days) else {
                    throw CommandError("invalid", "--expires-days must be from 1 to 36500.")
                }
                body["expiresAt"] = .integer((Timestamp.now + .seconds(days * 86_400)).milliseconds)
            }
            let fields = body
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                let made: MadeTokenAnswer = try await server.call("POST", "/api/v1/tokens", body: fields)
                print(made.token)
                FileHandle.standardError.write(
                    Data("Made a token for \(made.record.value.name), \(made.record.id). It is not shown again.\n".utf8)
                )
            }
        }

        /// `nil` when none of its options was given.
        private var semanticCache: JSONObject? {
            var setting: JSONObject = [:]
            setting["threshold"] = self.semanticThreshold.map { .number($0) }
            setting["seconds"] = self.semanticSeconds.map { .integer($0) }
            setting["embeddings"] = self.semanticModel.map { .string($0) }
            return setting.isEmpty ? nil : setting
        }

        private static func budget(_ dollars: Dollars?, _ tokens: Int64?) -> JSONObject {
            var budget: JSONObject = [:]
            budget["microDollars"] = dollars.map { .integer($0.micro) }
            budget["tokens"] = tokens.map { .integer($0) }
            return budget
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens, without the tokens themselves.")

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                let answer: ItemsAnswer<RecordAnswer<TokenAnswer>> = try await server.call("GET", "/api/v1/tokens")
                if answer.items.isEmpty { print("No token yet; make one with: cherry token add --name NAME") }
                let now = Timestamp.now
                for item in answer.items {
                    let token = item.value
                    let models = token.models?.joined(separator: " ") ?? "all models"
                    let spent = Money.text(token.spentThisMonth.microDollars)
                    print(
                        "\(item.id)  \(token.prefix)…  \(token.state(at: now))  \(token.name)  \(models)  \(spent) this month"
                    )
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Close a token for good.")

        @Argument(help: "The token's id, from: cherry token list")
        var id: String

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            let id = try RecordID.argument(self.id, from: "cherry token list")
            try await ServerSession.withServer { server in
                try await server.logIn(self.passphrase.current())
                try await server.call("POST", "/api/v1/tokens/\(id)/revoke")
                print("Revoked.")
            }
        }
    }
}

extension BridgeToken.ContextAccess: ExpressibleByArgument {}

/// An amount of US dollars as it is typed, such as `1.50`.
struct Dollars: ExpressibleByArgument {
    /// In millionths.
    let micro: Int64

    init?(argument: String) {
        guard let match = argument.wholeMatch(of: /([0-9]{1,6})(?:\.([0-9]{1,6}))?/), let whole = Int64(match.1) else {
            return nil
        }
        let places = match.2.map(String.init) ?? ""
        let rest = Int64(places + String(repeating: "0", count: 6 - places.count)) ?? 0
        self.micro = whole * 1_000_000 + rest
    }
}

/// Amounts of money for people.
enum Money {
    /// Millionths of a US dollar as dollars, with as many places as it takes.
    static func text(_ microDollars: Int64) -> String {
        let (dollars, rest) = microDollars.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var places = String(rest)
        places = String(repeating: "0", count: 6 - places.count) + places
        while places.count > 2, places.hasSuffix("0") { places.removeLast() }
        return "\(microDollars < 0 ? "-" : "")$\(dollars).\(places)"
    }
}
