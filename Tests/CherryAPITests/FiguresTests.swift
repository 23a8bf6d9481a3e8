import CherryCore
import CherryObservability
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import CherryAPI

@Suite("Figures over HTTP")
struct FiguresTests {
    @Test("Whoever opens the page gets the past, and then only what is new")
    func points() async throws {
        let stage = try Stage()
        let memory = Atomic<Int64>(1_000)
        stage.registry.collect {
            [CollectedSample("process_resident_memory_bytes", Double(memory.load(ordering: .relaxed)))]
        }
        try await stage.runUnlocked { visitor in
            for _ in 1...3 {
                await stage.timer.waitForSleeper(of: FigureHistory.interval)
                memory.wrappingAdd(1_000, ordering: .relaxed)
                stage.clock.advance(by: FigureHistory.interval)
                stage.timer.advance(by: FigureHistory.interval)
            }
            await stage.timer.waitForSleeper(of: FigureHistory.interval)
            let all = try await visitor.call(.get, "/api/v1/figures")
            #expect(all.status == .ok)
            #expect(all["intervalSeconds"] == 10)
            let points = try #require(all["points"].array)
            #expect(points.map { $0["state"]?["memoryBytes"]?.integer } == [2_000, 3_000, 4_000])
            #expect(points[0]["requestsPerSecond"]?.array?.count == 5)
            #expect(points[0]["firstToken"] == nil)
            let second = try #require(points[1]["at"]?.integer)
            let new = try await visitor.call(.get, "/api/v1/figures?after=\(second)")
            #expect(new["points"].array?.count == 1)
            #expect(new["now"]["state"]["memoryBytes"] == 4_000)
        }
    }

    @Test("Without a session there are no figures, and bad questions are refused")
    func refusals() async throws {
        try await Stage().runUnlocked { visitor in
            let stranger = try await visitor.another().call(.get, "/api/v1/figures")
            #expect(stranger.status == .unauthorized)
            for query in ["after=-1", "after=soon", "before=1", "after=1&after=2"] {
                let answer = try await visitor.call(.get, "/api/v1/figures?\(query)")
                #expect(answer.status == .unprocessableContent, "\(query)")
            }
        }
    }
}
