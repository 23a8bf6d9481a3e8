import CherryCore
import Testing

@testable import CherryObservability

@Suite("The last milestones")
struct MilestoneRingTests {
    @Test("are kept, the oldest first, however many there were", arguments: 0...11)
    func order(count: Int) {
        var ring = MilestoneRing(limit: 4)
        for number in 0..<count { ring.append(.started, at: Timestamp(milliseconds: Int64(number))) }
        #expect(ring.all.map(\.at.milliseconds) == (0..<count).suffix(4).map(Int64.init))
    }
}
