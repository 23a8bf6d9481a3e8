import Testing

@testable import CherryBridge

@Suite("Topics of one process")
struct InProcessTopicsTests {
    @Test("Whoever listens on a channel hears it in order, and nobody else does")
    func channels() async {
        let topics = InProcessTopics()
        let here = topics.listen(on: "here")
        let there = topics.listen(on: "there")
        for number in 0..<3 { topics.publish([UInt8(number)], on: "here") }
        topics.publish([9], on: "there")
        var heard: [[UInt8]] = []
        for await bytes in here.prefix(3) { heard.append(bytes) }
        #expect(heard == [[0], [1], [2]])
        for await bytes in there.prefix(1) { #expect(bytes == [9]) }
    }

    @Test("A listener that does not keep up misses the oldest")
    func bounded() async {
        let topics = InProcessTopics(bound: 2)
        let stream = topics.listen(on: "here")
        for number in 0..<5 { topics.publish([UInt8(number)], on: "here") }
        var heard: [[UInt8]] = []
        for await bytes in stream.prefix(2) { heard.append(bytes) }
        #expect(heard == [[3], [4]])
    }
}
