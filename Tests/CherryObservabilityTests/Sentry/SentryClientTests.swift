import CherryCore
import CherryJournal
import CherryTesting
import Foundation
import Synchronization
import Testing

@testable import CherryObservability

@Suite("The server's own reports")
struct SentryClientTests {
    struct Failure: CherryError {
        let codeName = "diskFull"
        let message = "No room for /home/ann/letters.txt"
        let hint: String? = "ann@example.com"
    }

    /// What was handed to the journal.
    final class Journal: Sendable {
        private let state = Mutex<[JournalEntry]>([])
        /// One for each entry.
        let added = AsyncStream.makeStream(of: Void.self)

        func append(_ entry: JournalEntry) {
            self.state.withLock { $0.append(entry) }
            self.added.continuation.yield()
        }

        var items: [(type: SentryItemType, json: JSONValue)] {
            self.state.withLock { $0 }.compactMap { entry in
                guard let item = try? SentryEnvelope(reading: entry.payload).items.first,
                    let json = try? JSONValue(parsing: item.payload)
                else { return nil }
                return (item.type, json)
            }
        }
    }

    func client(_ journal: Journal, _ files: RunFiles?) -> SentryClient {
        SentryClient(
            identity: .example,
            program: "CherryPackageTests.xctest",
            files: files,
            routes: ["/api/v1/system", "/api/v1/search"],
            append: { journal.append($0) },
            lost: { _, _ in }
        )
    }

    /// Runs a client until it has written `count` items.
    func run(_ client: SentryClient, _ journal: Journal, until count: Int) async {
        await withTaskGroup { group in
            group.addTask { await client.run() }
            for await _ in journal.added.stream where journal.items.count >= count { break }
            group.cancelAll()
        }
    }

    @Test("A failure becomes a report of type, code, place, steps before and stack, without its words")
    func failure() async throws {
        let journal = Journal()
        let client = self.client(journal, nil)
        client.note(.unlocked)
        client.note(.answered(method: "GET", route: "/api/v1/system", status: 200))
        client.report(FailureReport(Failure(), at: .request(method: "POST", route: "/api/v1/search")))
        await self.run(client, journal, until: 1)
        let report = try #require(journal.items.first)
        #expect(report.type == .event)
        #expect(report.json["transaction"] == "/api/v1/search")
        #expect(report.json["tags"]?["code"] == "diskFull")
        #expect(report.json["breadcrumbs"]?["values"]?.array?.count == 2)
        let exception = try #require(report.json["exception"]?["values"]?.array?.first)
        #expect(exception["type"]?.string?.hasSuffix("SentryClientTests.Failure") == true)
        #expect(exception["value"] == "The disk is full.")
        for word in ["ann", "letters", "example.com", "/home"] { #expect(!report.json.text.contains(word)) }
        let functions = (exception["stacktrace"]?["frames"]?.array ?? []).compactMap { $0["function"]?.string }
        #expect(functions.contains { $0.contains("SentryClientTests") }, "\(functions)")
    }

    @Test("A run begins and ends a session, with the number of its errors")
    func session() async throws {
        let folder = try TemporaryFolder()
        let journal = Journal()
        let client = self.client(journal, RunFiles(folder: folder.path + "/run"))
        client.report(FailureReport(Failure(), at: .work(.indexing)))
        await self.run(client, journal, until: 3)
        let updates = journal.items.filter { $0.type == .session }.map(\.json)
        #expect(updates.map { $0["status"] } == ["ok", "ok", "exited"])
        #expect(updates.map { $0["errors"] } == [0, 1, 1])
        #expect(updates.map { $0["init"] } == [true, false, false])
        #expect(Set(updates.map { $0["sid"] }).count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/run") == [])
    }

    @Test("A run that left its marker was killed; with the runtime's words it crashed, and its calls are told")
    func previous() async throws {
        let folder = try TemporaryFolder()
        let files = RunFiles(folder: folder.path)
        var marker = RunMarker(
            sessionID: .example(9),
            started: Timestamp.now - .seconds(60),
            release: "cherry@0.0.9",
            environment: "production"
        )
        try files.write(marker)
        let killed = Journal()
        await self.run(self.client(killed, files), killed, until: 2)
        #expect(killed.items[0].json["status"] == "abnormal")
        #expect(killed.items[0].json["sid"] == .string(HexID.example(9).uuid))
        #expect(killed.items[0].json["attrs"]?["release"] == "cherry@0.0.9")

        marker.errors = 1
        try files.write(marker)
        try Data(CrashLogTests.text.utf8).write(to: URL(filePath: files.crashLog))
        let crashed = Journal()
        await self.run(self.client(crashed, files), crashed, until: 3)
        #expect(crashed.items[0].type == .event)
        #expect(crashed.items[0].json["level"] == "fatal")
        #expect(crashed.items[0].json["release"] == "cherry@0.0.9")
        #expect(crashed.items[0].json.text.contains("SealedStore.get"))
        #expect(crashed.items[1].json["status"] == "crashed")
        #expect(crashed.items[1].json["errors"] == 2)
        #expect(!FileManager.default.fileExists(atPath: files.crashLog))
    }

    @Test("A flood of failures is cut, and what is cut is counted")
    func flood() {
        let lost = Mutex(0)
        let client = SentryClient(
            identity: .example,
            files: nil,
            wallClock: WallClock { SleepingClock.start },
            routes: ["/api/v1/system", "/api/v1/search"],
            append: { _ in },
            lost: { reason, category in
                #expect(reason == .backpressure && category == .error)
                lost.withLock { $0 += 1 }
            }
        )
        for _ in 1...100 { client.report(FailureReport(Failure(), at: .work(.purging))) }
        #expect(lost.withLock { $0 } == 100 - SentryClient.burst)
    }

    @Test("What the journal does not take is counted")
    func full() async {
        struct Full: Error {}
        let lost = Mutex<[SentryCategory]>([])
        let client = SentryClient(
            identity: .example,
            files: nil,
            routes: ["/api/v1/system", "/api/v1/search"],
            append: { _ in throw Full() },
            lost: { reason, category in
                #expect(reason == .queueOverflow)
                lost.withLock { $0.append(category) }
            }
        )
        client.report(FailureReport(Failure(), at: .work(.purging)))
        await withTaskGroup { group in
            group.addTask { await client.run() }
            while lost.withLock({ $0.isEmpty }) { await Task.yield() }
            group.cancelAll()
        }
        #expect(lost.withLock { $0 } == [.error])
    }
}
