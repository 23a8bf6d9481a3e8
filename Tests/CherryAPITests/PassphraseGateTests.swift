import CherryStore
import Foundation
import HTTPTypes
import Logging
import Synchronization
import Testing

@testable import CherryAPI

@Suite("The gate for passphrases")
struct PassphraseGateTests {
    private func makeGate(_ kept: KeptBytes, _ time: TestTime) -> PassphraseGate {
        PassphraseGate(
            store: kept.store,
            clock: time.wall,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    @Test("While a wait is due, nothing is checked")
    func noCheckWhileWaiting() async throws {
        let gate = self.makeGate(KeptBytes(), TestTime())
        for _ in 0..<3 {
            await #expect(throws: APIError.self) { try await gate.attempt { throw APIError.wrongPassphrase } }
        }
        let error = await #expect(throws: APIError.self) {
            try await gate.attempt { Issue.record("the passphrase was checked") }
        }
        #expect(error?.code == "tooManyAttempts")
        #expect(error?.retryAfter == .seconds(1))
    }

    @Test("The count survives a restart, and a success ends it there too")
    func restart() async throws {
        let (kept, time) = (KeptBytes(), TestTime())
        let first = self.makeGate(kept, time)
        for _ in 0..<3 { _ = try? await first.attempt { throw APIError.wrongPassphrase } }
        let second = self.makeGate(kept, time)
        #expect(second.wait == .seconds(1))
        time.advance(by: .seconds(1))
        try await second.attempt {}
        #expect(self.makeGate(kept, time).wait == nil)
    }

    @Test("Only a wrong secret counts")
    func otherErrors() async throws {
        let gate = self.makeGate(KeptBytes(), TestTime())
        for _ in 0..<5 { _ = try? await gate.attempt { throw APIError.sealed } }
        #expect(gate.wait == nil)
    }

    @Test("Attempts are made one after the other, and each waits for the judgement of those before")
    func serialised() async throws {
        let gate = self.makeGate(KeptBytes(), TestTime())
        let running = Mutex(0)
        let checks = Mutex(0)
        let attempt: @Sendable () async -> String = {
            do {
                try await gate.attempt { () async throws -> Void in
                    let others = running.withLock { count in
                        count += 1
                        return count - 1
                    }
                    #expect(others == 0)
                    checks.withLock { $0 += 1 }
                    await Task.yield()
                    running.withLock { $0 -= 1 }
                    throw APIError.wrongPassphrase
                }
                return "right"
            } catch {
                return (error as? APIError)?.code ?? "other"
            }
        }
        let codes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { await attempt() } }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(checks.withLock { $0 } == 3)
        #expect(codes.filter { $0 == "wrongPassphrase" }.count == 3)
        #expect(codes.filter { $0 == "tooManyAttempts" }.count == 5)
    }

    @Test("A file that holds nonsense counts as nothing remembered")
    func nonsense() {
        let store = BackoffStore(load: { Data("nonsense".utf8) }, save: { _ in })
        let gate = PassphraseGate(
            store: store,
            clock: TestTime().wall,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        #expect(gate.wait == nil)
    }

    @Test("The file store gives back what it was given")
    func file() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "cherry-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = BackoffStore.file(path: path)
        #expect(store.load() == nil)
        try store.save(Data("one".utf8))
        try store.save(Data("two".utf8))
        #expect(store.load() == Data("two".utf8))
    }
}
