import ArgumentParser
import CherryCore
import Foundation

/// Looks after what is on its way to someone else.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "See and mend the queue of alerts, reports and log lines.",
        discussion: """
            Asks the server while it runs, with the passphrase; while it is stopped, the files are read, which takes none.
            """,
        subcommands: [Status.self, Verify.self, Drain.self, QuarantineCommand.self]
    )

    /// Prints the accounts.
    static func show(_ accounts: [JournalAccountAnswer]) {
        if accounts.isEmpty { print("No destination has been registered.") }
        for account in accounts { print(account.words) }
    }
}

extension JournalCommand {
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what became of everything, for each destination."
        )

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await JournalDesks.with(self.passphrase) { desk in
                let journal = try await desk.journal()
                JournalCommand.show(journal.destinations)
                print("\(journal.bytes) of \(journal.limit) bytes in segments")
                let findings = journal.findings
                if findings.tornBytes > 0 { print("\(findings.tornBytes) bytes of an unfinished write were cut off") }
                if findings.damagedRecords > 0 { print("\(findings.damagedRecords) records cannot be read") }
                if findings.isRebuilt { print("its state could not be read: all that is there will be sent again") }
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read every file and check every checksum, every seal and the accounts."
        )

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await JournalDesks.with(self.passphrase) { desk in
                let result = try await desk.verify()
                JournalCommand.show(result.destinations)
                print("\(result.records) records read, \(result.damaged) damaged, \(result.unsealed) do not open")
                guard result.sound else {
                    throw CommandError(
                        "damaged",
                        "The journal is not as it was written.",
                        hint: "What can be read is still sent; the rest goes into quarantine when its turn comes."
                    )
                }
                print("The journal is sound.")
            }
        }
    }

    struct Drain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Wait until nothing is queued, and say what is left."
        )

        @Option(help: "Seconds to wait at most.")
        var seconds = 30

        @OptionGroup var passphrase: PassphraseOptions

        func validate() throws {
            guard (0...86_400).contains(self.seconds) else {
                throw ValidationError("--seconds must be from 0 to 86400.")
            }
        }

        func run() async throws {
            try await JournalDesks.with(self.passphrase) { desk in
                let accounts = try await desk.drain(seconds: self.seconds)
                JournalCommand.show(accounts)
                let left = accounts.reduce(0) { $0 + $1.ledger.queued }
                guard left > 0 else { return }
                if desk.isDelivering {
                    throw CommandError(
                        "unavailable",
                        "\(left) records are still queued.",
                        hint: "See why with: cherry doctor"
                    )
                }
                throw CommandError(
                    "unavailable",
                    "\(left) records are queued, and nothing is sent while the server is stopped.",
                    hint: "Start it with: cherry serve"
                )
            }
        }
    }

    struct QuarantineCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "quarantine",
            abstract: "See, send again or throw away what was refused for good.",
            subcommands: [List.self, Retry.self, Discard.self]
        )
    }
}

extension JournalCommand.QuarantineCommand {
    /// Which records a command is about.
    struct Choice: ParsableArguments {
        @Argument(help: "The destination, from: cherry journal quarantine list")
        var destination: String

        @Argument(help: "The record's id; without it, all of the destination's.")
        var id: String?
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what is in quarantine, without its content.")

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await JournalDesks.with(self.passphrase) { desk in
                let records = try await desk.quarantine()
                if records.isEmpty { print("Nothing is in quarantine.") }
                for record in records {
                    let time = record.at.map { $0.date.formatted(.iso8601) } ?? "at an unknown time"
                    print("\(record.destination)  \(record.id)  \(record.kind)  \(time)  \(record.reason)")
                }
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put records back into the queue.")

        @OptionGroup var choice: Choice
        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await JournalDesks.with(self.passphrase) { desk in
                let count = try await desk.retry(self.choice.destination, id: self.choice.id)
                print("\(count) records are queued again.")
            }
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Throw records away.")

        @OptionGroup var choice: Choice
        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await JournalDesks.with(self.passphrase) { desk in
                let count = try await desk.discard(self.choice.destination, id: self.choice.id)
                print("\(count) records were thrown away.")
            }
        }
    }
}
