import CherryBridge
import CherryNet
import CherryTesting
import Foundation
import Logging
import Testing

/// The process around the server, with small programs in its place: for what the real one never does.
@Suite("Local model: its process", .serialized)
struct LocalModelProcessTests {
    /// Writes a program that leaves its process id beside itself and then does what `script` says.
    static func program(_ script: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "server").path
        try Data("#!/bin/sh\necho $$ >\"$0.new\"; mv \"$0.new\" \"$0.pid\"\n\(script)\n".utf8).write(
            to: URL(filePath: file)
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        return file
    }

    static func makeModel(_ program: String, start: Duration = .seconds(60), limit: Int = 1) -> LocalModel {
        LocalModel(
            configuration: .init(
                server: program,
                model: program,
                startTimeout: start,
                stopGrace: .seconds(1),
                restart: .init(firstDelay: .milliseconds(10), longestDelay: .milliseconds(10), limit: limit)
            ),
            transport: HTTPTransport(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    static func processID(of program: String) async -> pid_t {
        while true {
            let text = try? String(contentsOfFile: program + ".pid", encoding: .utf8)  // not there yet
            if let id = text.flatMap({ pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) { return id }
            await Task.yield()
        }
    }

    /// Whether the process runs; one that ended and was not yet collected by its parent does not.
    static func isRunning(_ id: pid_t) -> Bool {
        guard let stat = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return false }
        let text = String(decoding: stat, as: UTF8.self)
        return text.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    /// Uses the model once and returns the error of it.
    static func failure(_ model: LocalModel) async throws -> BridgeError {
        try await #require(throws: BridgeError.self) {
            try await LocalProvider(model, transport: HTTPTransport()).tokenCounts(of: ["x"], model: "local")
        }
    }

    @Test(
        "When this program is killed, the server ends within a second, even one that will not",
        .timeLimit(.minutes(1)),
        .enabled(if: TimedTests.isAlone, Comment(rawValue: TimedTests.reason))
    )
    func promptEndOfOrphan() async throws {
        let result = try #require(
            await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
                let program = try LocalModelProcessTests.program("trap '' TERM\nexec sleep 600")
                let model = LocalModelProcessTests.makeModel(program)
                await withDiscardingTaskGroup { group in
                    group.addTask { await model.run() }
                    group.addTask { _ = try? await LocalModelProcessTests.failure(model) }
                    print("id=\(await LocalModelProcessTests.processID(of: program)).")
                    fflush(nil)
                    kill(getpid(), SIGKILL)
                }
            }
        )
        let killed = ContinuousClock.now
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        let match = try #require(output.firstMatch(of: /id=(\d+)\./))
        let id = try #require(pid_t(match.1))
        while Self.isRunning(id) { await Task.yield() }
        #expect(ContinuousClock.now - killed < .seconds(1))
    }

    @Test("A server that is never ready is ended by force and the reason is told", .timeLimit(.minutes(1)))
    func neverReady() async throws {
        let program = try Self.program("trap '' TERM\nexec sleep 600")
        let model = Self.makeModel(program, start: .milliseconds(200))
        try await withThrowingTaskGroup { group in
            group.addTask { await model.run() }
            let error = try await Self.failure(model)
            #expect(error.code == .localModelFailed)
            #expect(error.message.contains("not ready"))
            let id = await Self.processID(of: program)
            #expect(!Self.isRunning(id))
            group.cancelAll()
        }
    }

    @Test("The status and the last line of a server that fails are told", .timeLimit(.minutes(1)))
    func reason() async throws {
        let program = try Self.program("echo one; printf 'no \\033[31mmemory\\n' >&2; exit 3")
        let model = Self.makeModel(program, limit: 2)
        try await withThrowingTaskGroup { group in
            group.addTask { await model.run() }
            let error = try await Self.failure(model)
            #expect(error.message.hasSuffix("It ended with status 3: no [31mmemory"))
            #expect(model.status.state == .failed)
            #expect(model.status.detail?.hasSuffix("no [31mmemory") == true)
            group.cancelAll()
        }
    }

    @Test("The key is in no argument, no environment and no file of the server", .timeLimit(.minutes(1)))
    func key() async throws {
        let program = try Self.program(
            """
            for last; do :; done
            cat "$last" >"$0.key"
            tr '\\0' '\\n' </proc/$$/cmdline >"$0.seen"
            tr '\\0' '\\n' </proc/$$/environ >>"$0.seen"
            exit 1
            """
        )
        let model = Self.makeModel(program)
        try await withThrowingTaskGroup { group in
            group.addTask { await model.run() }
            _ = try await Self.failure(model)
            group.cancelAll()
        }
        let key = try String(contentsOfFile: program + ".key", encoding: .utf8).trimmingCharacters(in: .newlines)
        let seen = try String(contentsOfFile: program + ".seen", encoding: .utf8)
        #expect(key.count > 40)
        #expect(seen.contains("--api-key-file"))
        #expect(!seen.contains(key))
    }

    @Test("After the service has ended a use is refused, and one that waited is too", .timeLimit(.minutes(1)))
    func afterEnd() async throws {
        let program = try Self.program("exec sleep 600")
        let model = Self.makeModel(program)
        try await withThrowingTaskGroup { group in
            group.addTask { await model.run() }
            let waiting = Task { try await Self.failure(model) }
            let id = await Self.processID(of: program)
            group.cancelAll()
            try await group.waitForAll()
            #expect(try await waiting.value.code == .localModelFailed)
            while Self.isRunning(id) { await Task.yield() }
        }
        #expect(try await Self.failure(model).code == .localModelFailed)
    }
}
