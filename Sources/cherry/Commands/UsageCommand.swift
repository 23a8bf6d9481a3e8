import ArgumentParser
import CherryCore
import Foundation

/// What was used and what it cost.
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Show what was used and what it cost."
    )

    /// What is added up apart.
    enum Grouping: String, CaseIterable, ExpressibleByArgument {
        case day, model, token, conversation
    }

    @Option(help: "How many days, today included.")
    var days: Int64 = 31

    @Option(help: "What is added up apart: \(Grouping.allCases.map(\.rawValue).joined(separator: ", ")).")
    var by = Grouping.day

    @OptionGroup var passphrase: PassphraseOptions

    func run() async throws {
        guard (1...3660).contains(self.days) else { throw CommandError("invalid", "--days must be from 1 to 3660.") }
        let today = Timestamp.now.utcDay
        let from = Timestamp.dateText(utcDay: today - self.days + 1)
        let to = Timestamp.dateText(utcDay: today)
        try await ServerSession.withServer { server in
            try await server.logIn(self.passphrase.current())
            let usage: UsageAnswer = try await server.call(
                "GET",
                "/api/v1/usage?by=\(self.by.rawValue)&from=\(from)&to=\(to)"
            )
            let names = try await self.names(server)
            if usage.items.isEmpty { print("Nothing from \(from) to \(to).") }
            for sum in usage.items {
                let unpriced = sum.unpriced > 0 ? "  (\(sum.unpriced) without a price)" : ""
                let estimated = sum.estimated > 0 ? "  (\(sum.estimated) estimated)" : ""
                print(
                    """
                    \(self.key(sum, names))  \(sum.exchanges) exchanges  \(sum.tokens.prompt) tokens read  \
                    \(sum.tokens.completion) written  \(Money.text(sum.microDollars))\(unpriced)\(estimated)
                    """
                )
            }
            if usage.dropped > 0 { print("\(usage.dropped) exchanges could not be written down.") }
        }
    }

    private func key(_ sum: UsageAnswer.Sum, _ names: [RecordID: String]) -> String {
        switch self.by {
        case .day: sum.day ?? "-"
        case .model: sum.model.map { "\(names[$0.providerID] ?? "-")/\($0.model)" } ?? "-"
        case .token: sum.tokenID.map { names[$0] ?? $0.description } ?? "cherry itself"
        case .conversation: sum.conversationID?.description ?? "other tools"
        }
    }

    /// The names of providers and tokens.
    private func names(_ server: ServerSession) async throws -> [RecordID: String] {
        var names = [ModelReference.localProvider: "local"]
        switch self.by {
        case .model:
            let answer: ItemsAnswer<RecordAnswer<Provider>> = try await server.call("GET", "/api/v1/providers")
            for item in answer.items { names[item.id] = item.value.name }
        case .token:
            let answer: ItemsAnswer<RecordAnswer<TokenAnswer>> = try await server.call("GET", "/api/v1/tokens")
            for item in answer.items { names[item.id] = item.value.name }
        case .day, .conversation: break
        }
        return names
    }
}
