import CherryCore
import Testing

@testable import CherryJournal

@Suite("The blocks that were written last")
struct RecentBlocksTests {
    private func block(_ start: UInt64, count: Int = 2, size: Int = 10) -> RecentBlocks.Block {
        let entry = JournalEntry(kind: .log, at: Timestamp(milliseconds: 0), payload: Array(repeating: 1, count: size))
        return .init(
            lane: .essential,
            positions: start..<start + UInt64(count),
            entries: Array(repeating: entry, count: count)
        )
    }

    @Test("are found by any of their positions, in their lane alone")
    func found() {
        var recent = RecentBlocks()
        recent.add(self.block(4))
        recent.add(self.block(6, count: 1))
        #expect([4, 5].allSatisfy { recent.block(.essential, with: $0)?.positions == 4..<6 })
        #expect(recent.block(.essential, with: 6)?.positions == 6..<7)
        for position in [3, 7] as [UInt64] { #expect(recent.block(.essential, with: position) == nil) }
        #expect(recent.block(.expendable, with: 4) == nil)
    }

    @Test("are few, and the oldest go first")
    func few() {
        var recent = RecentBlocks()
        for start in 0..<100 as Range<UInt64> { recent.add(self.block(start * 2)) }
        #expect(recent.block(.essential, with: 71) == nil)
        #expect(recent.block(.essential, with: 72) != nil && recent.block(.essential, with: 199) != nil)
    }

    @Test("take a megabyte at most, and one that is larger is not kept")
    func small() {
        var recent = RecentBlocks()
        for start in 0..<4 as Range<UInt64> { recent.add(self.block(start, count: 1, size: 400 << 10)) }
        #expect((0..<4).filter { recent.block(.essential, with: $0) != nil } == [2, 3])
        recent.add(self.block(4, count: 1, size: 2 << 20))
        #expect((0..<5).allSatisfy { recent.block(.essential, with: $0) == nil })
        recent.add(self.block(5))
        #expect(recent.block(.essential, with: 5) != nil)
    }
}
