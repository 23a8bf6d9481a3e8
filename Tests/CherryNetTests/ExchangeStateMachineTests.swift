import NIOCore
import Testing

@testable import CherryNet

@Suite("One exchange")
struct ExchangeStateMachineTests {
    typealias Machine = ExchangeStateMachine

    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private static let head = ResponseHead(status: 200, isOld: false, bytes: [], fields: [])

    private static func at(_ seconds: Int64) -> NIODeadline { self.start + .seconds(seconds) }

    private func machine(firstByte: Int64 = 10, gap: Int64 = 5, end: Int64 = 100, size: Int = 100) -> Machine {
        Machine(
            limits: .init(
                firstByte: Self.at(firstByte),
                gap: .seconds(gap),
                end: Self.at(end),
                size: size
            )
        )
    }

    private func piece(_ text: String) -> Machine.Arrival { .init(piece: ByteBuffer(string: text)) }

    /// What a reader gets, as words.
    private func take(_ machine: inout Machine, now: NIODeadline = Self.start) -> String {
        switch machine.take(now: now) {
        case .piece(let piece, let resumes): String(buffer: piece) + (resumes ? " and reads on" : "")
        case .end: "the end"
        case .failed(let failure): "\(failure)"
        case .wait: "nothing yet"
        }
    }

    private func text(_ delivery: Machine.Delivery) -> String? {
        switch delivery.piece {
        case nil: nil
        case .success(let piece): piece.map { String(buffer: $0) } ?? "the end"
        case .failure(let failure): "\(failure)"
        }
    }

    private func failure(_ delivery: Machine.Delivery) -> ExchangeFailure? {
        if case .failure(let failure) = delivery.head { failure } else { nil }
    }

    @Test("A head goes to who waits for it, and the body waits for its reader")
    func order() {
        var machine = self.machine()
        #expect(machine.awaitHead() == nil)
        let delivery = machine.arrived(.init(head: Self.head, piece: ByteBuffer(string: "a"), ending: .whole))
        #expect((try? delivery.head?.get())?.status == 200)
        #expect(self.text(delivery) == nil)
        #expect(self.take(&machine) == "a")
        #expect(self.take(&machine) == "the end")
        #expect(self.take(&machine) == "the end")
    }

    @Test("A reader who waits gets the next piece, and then the end")
    func waiting() {
        var machine = self.machine()
        _ = machine.arrived(.init(head: Self.head))
        #expect(machine.mustWait)
        #expect(self.take(&machine) == "nothing yet")
        #expect(self.text(machine.arrived(self.piece("a"))) == "a")
        #expect(self.take(&machine) == "nothing yet")
        #expect(self.text(machine.arrived(.init(ending: .whole))) == "the end")
    }

    @Test("Reading pauses while the reader has something to take, and what comes together is one piece")
    func pause() {
        var machine = self.machine()
        _ = machine.arrived(.init(head: Self.head))
        #expect(machine.next(now: Self.start) == .readOn(latest: Self.at(5)))
        _ = machine.arrived(self.piece("a"))
        #expect(machine.next(now: Self.start) == .pause)
        _ = machine.arrived(self.piece("b"))
        #expect(self.take(&machine) == "ab and reads on")
        #expect(machine.next(now: Self.start) == .readOn(latest: Self.at(5)))
        _ = machine.arrived(self.piece("c"))
        #expect(self.take(&machine) == "c", "the connection was not told to pause")
    }

    @Test("What arrived before a failure is read before it")
    func failureAfterPiece() {
        var machine = self.machine()
        _ = machine.arrived(.init(head: Self.head, piece: ByteBuffer(string: "a"), ending: .failed(.lost)))
        #expect(machine.next(now: Self.start) == .over)
        #expect(self.take(&machine) == "a")
        #expect(self.take(&machine) == "lost")
    }

    @Test("A failure before the head goes to who waits for it, once")
    func failureBeforeHead() {
        var machine = self.machine()
        #expect(machine.awaitHead() == nil)
        #expect(self.failure(machine.arrived(.init(ending: .failed(.stale)))) == .stale)
        #expect(self.failure(machine.arrived(.init(ending: .failed(.lost)))) == nil)
        #expect(machine.awaitHead() == .stale)
    }

    @Test("More than is allowed is a failure, also when it comes with the end")
    func size() {
        var machine = self.machine(size: 3)
        _ = machine.arrived(.init(head: Self.head, piece: ByteBuffer(string: "abc")))
        #expect(self.take(&machine) == "abc")
        _ = machine.arrived(.init(piece: ByteBuffer(string: "d"), ending: .whole))
        #expect(machine.ending == .failed(.tooLarge))
        #expect(self.take(&machine) == "tooLarge")
    }

    @Test("Cancelling tells who waits, drops what is there and ends it")
    func cancel() {
        var first = self.machine()
        #expect(first.awaitHead() == nil)
        #expect(self.failure(first.cancel()) == .cancelled)
        #expect(first.awaitHead() == .cancelled)

        var second = self.machine()
        _ = second.arrived(.init(head: Self.head))
        #expect(self.take(&second) == "nothing yet")
        #expect(self.text(second.cancel()) == "cancelled")
        #expect(self.text(second.arrived(self.piece("late"))) == nil)
        #expect(self.take(&second) == "cancelled")

        var third = self.machine()
        _ = third.arrived(.init(head: Self.head, piece: ByteBuffer(string: "a")))
        #expect(self.text(third.cancel()) == nil)
        #expect(self.take(&third) == "cancelled")
    }

    private func expiry(_ machine: inout Machine, _ now: Int64) -> String {
        switch machine.expire(now: Self.at(now)) {
        case .again(let deadline): "again at \((deadline - Self.start).nanoseconds / 1_000_000_000)"
        case .failed(let delivery):
            self.failure(delivery).map { "\($0)" } ?? self.text(delivery) ?? "failed"
        }
    }

    @Test("Without a head the time for the first byte ends it, or the whole time if that is shorter")
    func firstByte() {
        var machine = self.machine()
        #expect(machine.awaitHead() == nil)
        #expect(self.expiry(&machine, 9) == "again at 10")
        #expect(self.expiry(&machine, 10) == "firstByteTimedOut")
        var short = self.machine(end: 8)
        #expect(short.awaitHead() == nil)
        #expect(short.next(now: Self.start) == .readOn(latest: Self.at(8)))
        #expect(self.expiry(&short, 8) == "tookTooLong")
    }

    @Test("Silence is counted from when the reader waits, and not while nobody reads")
    func gap() {
        var machine = self.machine()
        _ = machine.arrived(.init(head: Self.head))
        #expect(self.expiry(&machine, 50) == "again at 55")
        #expect(self.take(&machine, now: Self.at(60)) == "nothing yet")
        #expect(self.expiry(&machine, 64) == "again at 65")
        #expect(self.expiry(&machine, 65) == "stalled")
        #expect(self.expiry(&machine, 66) != "stalled", "it is over")
    }

    @Test("The whole time ends it even while nobody reads, and a piece that is there can still be taken")
    func total() {
        var machine = self.machine()
        _ = machine.arrived(.init(head: Self.head, piece: ByteBuffer(string: "a")))
        #expect(self.expiry(&machine, 98) == "again at 100")
        #expect(self.expiry(&machine, 100) == "failed")
        #expect(self.take(&machine) == "a")
        #expect(self.take(&machine) == "tookTooLong")
    }

    @Test("The rest of an answer is passed over for a while and up to a size")
    func drain() {
        var machine = self.machine()
        let tooEarly = machine.drain(now: Self.start)
        #expect(!tooEarly)
        _ = machine.arrived(.init(head: Self.head, piece: ByteBuffer(string: "a")))
        let machineDrains = machine.drain(now: Self.start)
        #expect(machineDrains)
        #expect(machine.isDraining)
        _ = machine.arrived(self.piece("b"))
        #expect(machine.next(now: Self.start) == .readOn(latest: Self.at(1)))
        _ = machine.arrived(.init(ending: .whole))
        #expect(machine.ending == .whole)

        var slow = self.machine()
        _ = slow.arrived(.init(head: Self.head))
        let slowDrains = slow.drain(now: Self.start)
        #expect(slowDrains)
        #expect(self.expiry(&slow, 1) == "failed")

        var large = self.machine(size: .max)
        _ = large.arrived(.init(head: Self.head))
        let largeDrains = large.drain(now: Self.start)
        #expect(largeDrains)
        _ = large.arrived(.init(piece: ByteBuffer(repeating: 0, count: Machine.drainSize + 1)))
        #expect(large.ending == .failed(.cancelled))
    }
}
