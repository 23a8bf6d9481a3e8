import Dispatch
import Synchronization
import Testing

@testable import CherryVault

@Suite("Derivation lane")
struct DerivationLaneTests {
    /// How much runs at once.
    private final class Gauge: Sendable {
        let running = Atomic(0)
        let most = Atomic(0)
    }

    @Test("Work runs one piece at a time")
    func serial() async throws {
        let lane = DerivationLane(label: "test.serial")
        let gauge = Gauge()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<32 {
                group.addTask {
                    try await lane.run {
                        let now = gauge.running.add(1, ordering: .relaxed).newValue
                        gauge.most.max(now, ordering: .relaxed)
                        gauge.running.subtract(1, ordering: .relaxed)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(gauge.most.load(ordering: .relaxed) == 1)
    }

    @Test("More than may wait are refused, and the lane works on")
    func refuses() async throws {
        let lane = DerivationLane(label: "test.limit", limit: 1)
        let gate = DispatchSemaphore(value: 0)
        let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
        async let first: Int = lane.run {
            hasStarted.yield()
            gate.wait()
            return 1
        }
        for await _ in started { break }
        await expectError(.unavailable) { try await lane.run { 2 } }
        gate.signal()
        #expect(try await first == 1)
        #expect(try await lane.run { 3 } == 3)
    }

    @Test("What the work throws arrives")
    func throwing() async throws {
        let lane = DerivationLane(label: "test.throws")
        await expectError(.tampered) { try await lane.run { throw VaultError(.tampered) } }
    }
}
