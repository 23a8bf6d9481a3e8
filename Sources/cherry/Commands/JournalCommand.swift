import ArgumentParser
import CherryApp
import CherryCore
import CherryJournal
import Foundation

/// Looks after what is on its way to someone else.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "See and mend the queue of alerts, reports and log lines.",
        discussion: "The server must be stopped: it has the journal to itself while it runs.",
        subcommands: [Status.self, Verify.self, Drain.self, QuarantineCommand.self]
    )

    /// Opens the journal of the settings' data directory for as long as `body` runs.
    static func withJournal(_ body: (Journal) async throws -> Void) async throws {
        let settings = try await Settings.load()
        if let server = DataDirectory.runningServer(in: settings.dataDirectory) {
            throw CommandError(
                "inUse",
                "The server has the journal open: process \(server.processID), at \(server.address).",
                hint: "Stop it with: kill \(server.processID). Then run this again."
            )
        }
        guard FileManager.default.fileExists(atPath: settings.journalFolder) else {
            print("There is no journal yet: nothing was to be sent anywhere.")
            return
        }
        let directory = try DataDirectory(path: settings.dataDirectory)
        let journal = try await settings.openJournal()
        try await body(journal)
        try await journal.close()
        withExtendedLifetime(directory) {}
    }

    /// Prints the accounts.
    static func show(_ ledger: [JournalLedger]) {
        if ledger.isEmpty { print("No destination has been registered.") }
        for line in ledger {
            let dropped =
                line.dropped.isEmpty
                ? "0"
                : line.dropped.sorted { $0.key < $1.key }.map { "\($0.value) (\($0.key))" }.joined(separator: ", ")
            let end = line.isBalanced ? "" : "  DOES NOT ADD UP"
            print(
                """
                \(line.destination)\(line.isRemoved ? " (removed)" : ""): \(line.produced) produced = \(line.sent) sent + \
                \(line.queued) queued + \(line.quarantined) in quarantine + dropped \(dropped)\(end)
                """
            )
        }
    }
}

extension JournalCommand {
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what became of everything, for each destination."
        )

        func run() async throws {
            try await JournalCommand.withJournal { journal in
                JournalCommand.show(await journal.ledger())
                let size = await journal.size
                print("\(size.bytes) of \(size.limit) bytes in segments")
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

        func run() async throws {
            try await JournalCommand.withJournal { journal in
                let result = try await journal.verify()
                JournalCommand.show(result.ledger)
                print("\(result.records) records read, \(result.damaged) damaged, \(result.unsealed) do not open")
                guard result.isSound else {
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
        var seconds = 0

        func run() async throws {
            try await JournalCommand.withJournal { journal in
                let ledger = await journal.drain(atMost: .seconds(max(0, self.seconds)))
                JournalCommand.show(ledger)
                let left = ledger.reduce(0) { $0 + $1.queued }
                guard left == 0 else {
                    throw CommandError(
                        "unavailable",
                        "\(left) records are queued, and nothing is sent while the server is stopped.",
                        hint: "Start it with: cherry serve"
                    )
                }
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

        func names(in journal: Journal) async -> [QuarantinedRecord.Name] {
            if let id { return [QuarantinedRecord.Name(destination: self.destination, id: id)] }
            return await journal.quarantined().filter { $0.destination == self.destination }.map(\.name)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what is in quarantine, without its content.")

        func run() async throws {
            try await JournalCommand.withJournal { journal in
                let records = await journal.quarantined()
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

        func run() async throws {
            try await JournalCommand.withJournal { journal in
                let names = await self.choice.names(in: journal)
                try await journal.retry(names)
                print("\(names.count) records are queued again.")
            }
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Throw records away.")

        @OptionGroup var choice: Choice

        func run() async throws {
            try await JournalCommand.withJournal { journal in
                let names = await self.choice.names(in: journal)
                try await journal.discard(names)
                print("\(names.count) records were thrown away.")
            }
        }
    }
}
