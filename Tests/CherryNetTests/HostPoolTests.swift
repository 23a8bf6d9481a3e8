import Testing

@testable import CherryNet

@Suite("The connections to one place")
struct HostPoolTests {
    final class Line {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    typealias Pool = HostPool<Line, String>

    private func words(_ grant: Pool.Grant?) -> String {
        switch grant {
        case nil: "wait"
        case .use(let line): "use \(line.number)"
        case .open(let closing): "open" + (closing.map { " and close \($0.number)" } ?? "")
        }
    }

    private func words(_ release: Pool.Release) -> String {
        switch release {
        case .serve(let waiter): "serve \(waiter)"
        case .rest: "rest"
        case .close: "close"
        }
    }

    @Test("Of many that have served only so many rest")
    func resting() {
        var pool = Pool(limit: 9, restingLimit: 2)
        for _ in 1...3 { _ = pool.acquire(mayReuse: true) }
        #expect((1...3).map { self.words(pool.release(Line($0))) } == ["rest", "rest", "close"])
        #expect(pool.vacate() == nil)
        #expect((1...3).map { _ in self.words(pool.acquire(mayReuse: true)) } == ["use 2", "use 1", "open"])
        pool.wait("a", id: 1)
        #expect(self.words(pool.release(Line(1))) == "serve a")
    }

    @Test("Connections are opened up to the limit, then one waits")
    func limit() {
        var pool = Pool(limit: 2)
        #expect((1...3).map { _ in self.words(pool.acquire(mayReuse: true)) } == ["open", "open", "wait"])
    }

    @Test("The one that rested last serves first")
    func reuse() {
        var pool = Pool(limit: 9)
        for number in 1...3 {
            _ = pool.acquire(mayReuse: false)
            #expect(self.words(pool.release(Line(number))) == "rest")
        }
        #expect(self.words(pool.acquire(mayReuse: true)) == "use 3")
        #expect(self.words(pool.acquire(mayReuse: true, prefers: { $0.number == 1 })) == "use 1")
        #expect(self.words(pool.acquire(mayReuse: true, prefers: { $0.number == 7 })) == "use 2")
        #expect(self.words(pool.acquire(mayReuse: true)) == "open")
    }

    @Test("One may be opened rather than another used than the preferred, up to the limit")
    func opening() {
        var pool = Pool(limit: 2)
        _ = pool.acquire(mayReuse: true)
        #expect(self.words(pool.release(Line(1))) == "rest")
        func ask(_ number: Int) -> String {
            self.words(pool.acquire(mayReuse: true, prefers: { $0.number == number }, opensRather: true))
        }
        #expect([ask(2), ask(2)] == ["open", "use 1"])
        #expect(self.words(pool.release(Line(2))) == "rest")
        #expect([ask(2), ask(2)] == ["use 2", "wait"])
    }

    @Test("Those who wait are served in order, by a released connection or by the place of a closed one")
    func order() {
        var pool = Pool(limit: 1)
        _ = pool.acquire(mayReuse: true)
        pool.wait("a", id: 1)
        pool.wait("b", id: 2)
        pool.wait("c", id: 3)
        #expect(self.words(pool.release(Line(1))) == "serve a")
        #expect(pool.vacate() == "b")
        #expect(self.words(pool.release(Line(2))) == "serve c")
        #expect(self.words(pool.release(Line(2))) == "rest")
        #expect(self.words(pool.acquire(mayReuse: true)) == "use 2")
    }

    @Test("Who leaves the line is not served, and the others keep their order")
    func leave() {
        var pool = Pool(limit: 1)
        _ = pool.acquire(mayReuse: true)
        for (id, name) in ["a", "b", "c"].enumerated() { pool.wait(name, id: UInt64(id)) }
        #expect(pool.leave(id: 1) == "b")
        #expect(pool.leave(id: 1) == nil)
        #expect(self.words(pool.release(Line(1))) == "serve a")
        #expect(pool.leave(id: 0) == nil)
        #expect(self.words(pool.release(Line(1))) == "serve c")
    }

    @Test("A new one at the limit takes the place of the one that rested longest")
    func fresh() {
        var pool = Pool(limit: 2)
        let lines = [Line(1), Line(2)]
        for line in lines {
            _ = pool.acquire(mayReuse: false)
            _ = pool.release(line)
        }
        #expect(self.words(pool.acquire(mayReuse: false)) == "open and close 1")
        #expect(self.words(pool.acquire(mayReuse: true)) == "use 2")
        pool.wait("a", id: 1)
        // The old one is gone now; nobody may open one for it.
        #expect(pool.vacate() == nil)
        #expect(pool.vacate() == "a")
    }

    @Test("One at rest can be retired, one that serves cannot")
    func retire() {
        var pool = Pool(limit: 1)
        let line = Line(1)
        _ = pool.acquire(mayReuse: true)
        let whileServing = pool.retire(line)
        _ = pool.release(line)
        let atRest = pool.retire(line)
        #expect(!whileServing && atRest)
        #expect(!pool.isEmpty)
        #expect(pool.vacate() == nil)
        #expect(pool.isEmpty)
    }

    @Test("Everybody who waits can be sent away")
    func disband() {
        var pool = Pool(limit: 1)
        _ = pool.acquire(mayReuse: true)
        pool.wait("a", id: 1)
        pool.wait("b", id: 2)
        #expect(pool.disband() == ["a", "b"])
        #expect(pool.disband().isEmpty)
    }
}
