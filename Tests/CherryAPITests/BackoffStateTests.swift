import CherryCore
import Testing

@testable import CherryAPI

@Suite("Waiting after wrong passphrases")
struct BackoffStateTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    private func state(failures: Int) -> BackoffState {
        var state = BackoffState()
        for _ in 0..<failures { state.recordFailure(at: self.start) }
        return state
    }

    @Test("The third failure makes one second, each further one doubles it, up to a quarter of an hour")
    func delays() {
        let delays = (0...16).map { self.state(failures: $0).wait(at: self.start) }
        let seconds = [nil, nil, nil, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]
        #expect(delays == seconds.map { $0.map { .seconds($0) } })
        #expect(self.state(failures: 5000).wait(at: self.start) == .seconds(900))
    }

    @Test("The wait grows shorter as time passes, and ends")
    func passing() {
        let state = self.state(failures: 6)
        #expect(state.wait(at: self.start + .seconds(3)) == .seconds(5))
        #expect(state.wait(at: self.start + .milliseconds(7999)) == .milliseconds(1))
        #expect(state.wait(at: self.start + .seconds(8)) == nil)
    }

    @Test("A success forgets everything")
    func success() {
        var state = self.state(failures: 9)
        state.recordSuccess()
        #expect(state == BackoffState())
        #expect(state.wait(at: self.start) == nil)
    }

    @Test("A clock that was set back makes nobody wait longer than the whole delay")
    func clockSetBack() {
        #expect(self.state(failures: 6).wait(at: Timestamp(milliseconds: 0)) == .seconds(8))
    }
}
