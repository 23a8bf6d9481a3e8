import CherryBridge
import CherryCore
import CherryNet
import Foundation
import Logging
import Testing

/// The real server with the real model. `make test` installs both and names them in the environment.
@Suite("Local model", .serialized)
struct LocalModelTests {
    static let server = ProcessInfo.processInfo.environment["CHERRY_TEST_LLAMA_SERVER"]
    static let model = ProcessInfo.processInfo.environment["CHERRY_TEST_MODEL"]
    static let isOnCI = ProcessInfo.processInfo.environment["CI"] != nil

    static func withModel(
        idle: Duration = .seconds(300),
        server: String? = Self.server,
        _ body: (LocalModel, LocalProvider) async throws -> Void
    ) async throws {
        guard Self.server != nil, Self.model != nil else {
            print("skipped: CHERRY_TEST_LLAMA_SERVER and CHERRY_TEST_MODEL name no local model")
            #expect(!Self.isOnCI, "on CI the local model must be there")
            return
        }
        let transport = HTTPTransport()
        let model = LocalModel(
            configuration: .init(
                server: server,
                model: Self.model,
                contextLength: 2048,
                idleTimeout: idle,
                stopGrace: .seconds(1),
                restart: .init(firstDelay: .milliseconds(10), longestDelay: .milliseconds(10), limit: 2)
            ),
            transport: transport,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup { group in
            group.addTask { await model.run() }
            try await body(model, LocalProvider(model, transport: transport))
            group.cancelAll()
        }
        await transport.shutdown()
    }

    /// The servers that this process started, by their ids. Others may run the same model meanwhile.
    static func servers() -> [pid_t: [String]] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var found: [pid_t: [String]] = [:]
        for id in names.compactMap({ pid_t($0) }) where self.parent(of: id).flatMap(self.parent(of:)) == getpid() {
            let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            if words.contains("--api-key-file") { found[id] = words }
        }
        return found
    }

    private static func parent(of id: pid_t) -> pid_t? {
        guard let stat = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return nil }
        let fields = String(decoding: stat, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
        return fields.flatMap { $0.count > 1 ? pid_t($0[1]) : nil }
    }

    @Test("It starts when it is asked, answers, counts tokens, and is gone at the end", .timeLimit(.minutes(1)))
    func answer() async throws {
        var servers: [pid_t] = []
        try await Self.withModel { model, provider in
            #expect(model.status.state == .stopped)
            var text = ""
            var end: FinishReason?
            var usage: TokenUsage?
            let request = ChatRequest(model: "local", messages: [ChatMessage(.user, "Say hello.")], maxTokens: 16)
            try await provider.chat(request) { event in
                switch event {
                case .text(let piece): text += piece
                case .finished(let reason): end = reason
                case .usage(let count): usage = count
                default: break
                }
            }
            #expect(!text.isEmpty)
            #expect(end != nil)
            #expect((usage?.completion ?? 0) > 0)
            #expect(model.status.state == .ready)
            let counts = try #require(await provider.tokenCounts(of: ["", "Hello world"], model: "local"))
            #expect(counts[0] == 0)
            #expect((1...4).contains(counts[1]))
            let running = Self.servers()
            #expect(running.count == 1)
            #expect(running.values.allSatisfy { !$0.contains("--api-key") }, "no key among the arguments")
            servers = Array(running.keys)
        }
        // The watcher ends the server within its grace.
        while servers.contains(where: LocalModelProcessTests.isRunning) { await Task.yield() }
    }

    @Test("Nobody using it ends it", .timeLimit(.minutes(1)))
    func idle() async throws {
        try await Self.withModel(idle: .milliseconds(50)) { model, provider in
            _ = try await provider.tokenCounts(of: ["x"], model: "local")
            while model.status.state != .stopped { await Task.yield() }
            _ = try await provider.tokenCounts(of: ["x"], model: "local")
        }
    }

    @Test("A server that was killed is started anew for the next question", .timeLimit(.minutes(1)))
    func killed() async throws {
        try await Self.withModel { model, provider in
            for _ in 1...2 {
                var end: FinishReason?
                let request = ChatRequest(model: "local", messages: [ChatMessage(.user, "Hi")], maxTokens: 4)
                try await provider.chat(request) { if case .finished(let reason) = $0 { end = reason } }
                #expect(end != nil)
                #expect(model.status.state == .ready)
                let servers = Self.servers()
                #expect(servers.count == 1)
                for id in servers.keys { kill(id, SIGKILL) }
            }
        }
    }

    @Test("A program that only fails is given up with a reason")
    func failing() async throws {
        try await Self.withModel(server: "/bin/false") { model, provider in
            let error = try await #require(throws: BridgeError.self) {
                try await provider.tokenCounts(of: ["x"], model: "local")
            }
            #expect(error.code == .localModelFailed)
            #expect(model.status.state == .failed)
        }
    }

    @Test("A missing program or model is named, with what to do")
    func missing() async throws {
        let transport = HTTPTransport()
        for (server, model) in [(nil, nil), ("/no/such/program", "/no/such/model"), ("/bin/sh", "/no/such/model")]
            as [(String?, String?)]
        {
            let local = LocalModel(
                configuration: .init(server: server, model: model),
                transport: transport,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            #expect(local.status.state == .missing)
            #expect(local.status.hint != nil)
            let error = try await #require(throws: BridgeError.self) {
                try await LocalProvider(local, transport: transport).tokenCounts(of: ["x"], model: "local")
            }
            #expect(error.code == .localModelMissing)
        }
        await transport.shutdown()
    }
}
