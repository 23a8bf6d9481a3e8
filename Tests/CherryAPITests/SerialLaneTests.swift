import HTTPTypes
import Testing

@testable import CherryAPI

@Suite("One at a time")
struct SerialLaneTests {
    @Test("Who waits and is cancelled leaves, and the next one gets the turn")
    func cancellation() async throws {
        let lane = SerialLane(limit: 4)
        let (opened, open) = AsyncStream.makeStream(of: Void.self)
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            try await lane.run {
                enter.yield()
                for await _ in opened { return }
            }
        }
        for await _ in entered { break }
        let second = Task { try await lane.run { Issue.record("a cancelled waiter ran") } }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        let third = Task { try await lane.run { "third" } }
        open.yield()
        try await first.value
        #expect(try await third.value == "third")
    }

    @Test("An error gives the turn on")
    func failure() async throws {
        let lane = SerialLane(limit: 1)
        await #expect(throws: APIError.self) { try await lane.run { throw APIError.sealed } }
        #expect(try await lane.run { 7 } == 7)
    }

    @Test("One too many is turned away")
    func limit() async throws {
        let lane = SerialLane(limit: 0)
        let error = try await lane.run {
            await #expect(throws: APIError.self) { try await lane.run {} }
        }
        #expect(error?.status == .tooManyRequests)
    }
}
