import CherryBridge
import Testing

@Suite("Local model state machine")
final class LocalModelStateMachineTests {
    var machine = LocalModelStateMachine(
        restart: .init(firstDelay: .milliseconds(100), longestDelay: .milliseconds(300), limit: 4, rest: .seconds(9)),
        idleTimeout: .seconds(5)
    )

    @Test("The first use starts it, and whoever waits is let in when it answers")
    func start() {
        #expect(self.machine.acquire() == [.start])
        #expect(self.machine.acquire() == [])
        #expect(self.machine.becameReady() == [.admit])
        #expect(self.machine.acquire() == [.disarmIdle, .admit])
    }

    @Test("The last release arms the idle timer, which stops it; a use in between disarms")
    func idle() {
        _ = self.machine.acquire()
        _ = self.machine.acquire()
        _ = self.machine.becameReady()
        #expect(self.machine.release() == [])
        #expect(self.machine.release() == [.armIdle(.seconds(5))])
        #expect(self.machine.acquire() == [.disarmIdle, .admit])
        #expect(self.machine.idlePassed() == [])
        #expect(self.machine.release() == [.armIdle(.seconds(5))])
        #expect(self.machine.idlePassed() == [.stop])
        #expect(self.machine.ended() == [])
        #expect(self.machine.state == .stopped)
    }

    @Test("A use while it is being stopped starts it again afterwards")
    func useWhileStopping() {
        _ = self.machine.acquire()
        _ = self.machine.becameReady()
        _ = self.machine.release()
        _ = self.machine.idlePassed()
        #expect(self.machine.acquire() == [])
        #expect(self.machine.ended() == [.start])
    }

    @Test("It is tried again after a delay that doubles up to its limit, then given up for a while")
    func backOff() {
        #expect(self.machine.acquire() == [.start])
        #expect(self.machine.ended() == [.wait(.milliseconds(100))])
        #expect(self.machine.delayPassed() == [.start])
        #expect(self.machine.ended() == [.wait(.milliseconds(200))])
        #expect(self.machine.delayPassed() == [.start])
        #expect(self.machine.ended() == [.wait(.milliseconds(300))])
        #expect(self.machine.delayPassed() == [.start])
        #expect(self.machine.ended() == [.refuse, .wait(.seconds(9))])
        #expect(self.machine.acquire() == [.refuse])
        #expect(self.machine.delayPassed() == [])
        #expect(self.machine.acquire() == [.start])
    }

    @Test("Answering once makes earlier failures forgotten")
    func forget() {
        _ = self.machine.acquire()
        _ = self.machine.ended()
        _ = self.machine.delayPassed()
        _ = self.machine.becameReady()
        #expect(self.machine.failures == 0)
        #expect(self.machine.ended() == [.wait(.milliseconds(100))])
    }

    @Test("A server without connections is ended, lets nobody in meanwhile, and is started anew")
    func lostContact() {
        _ = self.machine.acquire()
        #expect(self.machine.lostContact() == [], "it is only starting")
        _ = self.machine.becameReady()
        #expect(self.machine.lostContact() == [.stop])
        #expect(self.machine.acquire() == [])
        #expect(self.machine.ended() == [.wait(.milliseconds(100))])
        #expect(self.machine.delayPassed() == [.start])
    }

    @Test("Ending while nobody uses it needs no restart")
    func endUnused() {
        _ = self.machine.acquire()
        _ = self.machine.becameReady()
        _ = self.machine.release()
        #expect(self.machine.ended() == [.disarmIdle])
        #expect(self.machine.state == .stopped)
    }

    @Test("Nobody waiting any more ends the tries")
    func giveUpWaiting() {
        _ = self.machine.acquire()
        _ = self.machine.ended()
        _ = self.machine.release()
        #expect(self.machine.delayPassed() == [])
        #expect(self.machine.state == .stopped)
    }

    @Test("Shutting down stops it and refuses whoever waits or comes")
    func shutDown() {
        _ = self.machine.acquire()
        #expect(self.machine.shutDown() == [.disarmIdle, .stop, .refuse])
        #expect(self.machine.acquire() == [.refuse])
        #expect(self.machine.ended() == [])
        #expect(self.machine.state == .stopped)
    }
}
