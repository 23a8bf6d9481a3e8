import CherryCache
import CherryTesting
import Testing

@Suite("The topics of this process")
struct InProcessTopicsTests {
    @Test("They keep the contract", arguments: TopicsContract.checks)
    func contract(_ check: TopicsContract.Check) async throws {
        try await check.run { InProcessTopics() }
    }

    @Test("A listener that lets go, or that was ended, is forgotten")
    func forgotten() async {
        let topics = InProcessTopics()
        do {
            let listener = topics.subscribe(to: ["a", "b"], limit: 1, overflow: .dropOldest)
            #expect(topics.listenerCount == 1)
            _ = listener
        }
        #expect(topics.listenerCount == 0)
        let ended = topics.subscribe(to: ["a"], limit: 1, overflow: .end)
        for number in UInt8(0)..<3 { topics.publish([number], to: "a") }
        #expect(topics.listenerCount == 0)
        #expect(ended.missed == 1)
    }
}
