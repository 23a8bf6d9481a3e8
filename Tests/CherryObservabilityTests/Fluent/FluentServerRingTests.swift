import Testing

@testable import CherryObservability

@Suite("The order of several servers")
struct FluentServerRingTests {
    private let start = ContinuousClock.now

    @Test("The first is asked first, and again after a while when it failed")
    func order() {
        var ring = FluentServerRing(count: 3, recovery: .seconds(60))
        #expect(ring.order(at: self.start) == [0, 1, 2])
        ring.failed(0, at: self.start)
        #expect(ring.order(at: self.start) == [1, 2])
        #expect(ring.order(at: self.start + .seconds(59)) == [1, 2])
        #expect(ring.order(at: self.start + .seconds(60)) == [0, 1, 2])
    }

    @Test("One that works again is no longer left alone")
    func success() {
        var ring = FluentServerRing(count: 2, recovery: .seconds(60))
        ring.failed(0, at: self.start)
        ring.succeeded(0)
        #expect(ring.order(at: self.start) == [0, 1])
    }

    @Test("When all failed, all are tried")
    func all() {
        var ring = FluentServerRing(count: 2, recovery: .seconds(60))
        ring.failed(0, at: self.start)
        ring.failed(1, at: self.start)
        #expect(ring.order(at: self.start) == [0, 1])
    }
}
