import CherryCore
import Testing

@testable import CherryJournal

@Suite("What the journal's files are made of")
struct FormatTests {
    @Test("A settled set says the same as a plain set of positions", arguments: 0..<20)
    func progress(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var progress = LaneProgress(cursor: 10)
        var settled = Set<UInt64>(0..<10)
        for _ in 0..<200 {
            let start = UInt64.random(in: 5..<120, using: &generator)
            let range = start..<start + UInt64.random(in: 0..<6, using: &generator)
            progress.settle(range)
            settled.formUnion(range)
            #expect((0..<140).allSatisfy { progress.isSettled($0) == settled.contains($0) })
            #expect(!settled.contains(progress.cursor))
            let ranges = progress.beyond.ranges
            #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
        }
    }

    private static var state: JournalState {
        var state = JournalState(journal: 77)
        state.generation = 5
        state.probe = [1, 2, 3]
        state.marks[0].pass(.event)
        state.marks[1].pass(.debugLog)
        state.refused[2] = 9
        state.quarantine = QuarantineExtent(generation: 2, length: 300)
        var account = DestinationAccount(name: "loki", progress: [LaneProgress(cursor: 4), LaneProgress(cursor: 0)])
        account.subscriptions = [.log: .init(from: 3, baseline: 4), .alert: .init(from: 0, baseline: 1)]
        account.progress[0].settle(6..<9)
        account.progress[0].settle(11..<12)
        account.dropped = ["full": 3, "http_429": 8]
        (account.sent, account.quarantined, account.requeued, account.closed) = (1, 2, 3, 4)
        state.accounts = [account]
        return state
    }

    @Test("A state reads as it was written, and cut off or changed anywhere not at all")
    func stateRoundTrip() throws {
        let bytes = Self.state.encode()
        #expect(try JournalState.decode(bytes) == Self.state)
        #expect(JournalState.length(ofSlot: bytes) == bytes.count)
        for count in 0..<bytes.count { #expect(try JournalState.decode(Array(bytes.prefix(count))) == nil) }
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(try JournalState.decode(damaged) == nil)
        }
    }

    @Test("A state of a newer version is left alone")
    func newerState() throws {
        var bytes = Self.state.encode()
        bytes[12] = 2
        let checksum = CRC32.checksum(Array(bytes.dropFirst(8)))
        withUnsafeBytes(of: checksum.littleEndian) { bytes.replaceSubrange(4..<8, with: $0) }
        let failure = #expect(throws: JournalError.self) { try JournalState.decode(bytes) }
        #expect(failure?.code == .tooNew)
    }

    @Test(
        "An event of the quarantine reads as it was written, and damaged or cut off not at all",
        arguments: [
            QuarantineEvent.held(key, kind: .span, at: -5, reason: "http_400", payload: [1, 2, 3]),
            .held(key, kind: .log, at: 5, reason: "damaged", payload: []), .requeued(key),
            .returned(key, reason: "unsealed"), .gone(key),
        ]
    )
    func events(event: QuarantineEvent) throws {
        let bytes = event.encode()
        let whole = try #require(QuarantineEvent.decode((bytes + [9, 9])[...]))
        #expect(whole.event == event && whole.length == bytes.count)
        for count in 0..<bytes.count { #expect(QuarantineEvent.decode(bytes.prefix(count))?.event == nil) }
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 1
            #expect(QuarantineEvent.decode(damaged[...])?.event == nil)
        }
    }

    private static let key = QuarantineKey(
        destination: "loki",
        record: RecordKey(lane: .expendable, position: 12345)
    )

    @Test("A record's id names its journal, lane and place, and nothing else reads as one")
    func ids() {
        let key = RecordKey(lane: .expendable, position: 0xABC)
        let id = key.id(in: 0xF)
        #expect(id == "000000000000000f8000000000000abc")
        #expect(RecordKey(id, in: 0xF) == key)
        #expect(RecordKey(id, in: 0xE) == nil)
        #expect(RecordKey("", in: 0xF) == nil)
        #expect(RecordKey(String(id.dropLast()), in: 0xF) == nil)
        #expect(RecordKey(id.replacing("abc", with: "abg"), in: 0xF) == nil)
    }

    @Test("The kinds of sixteen records before a place are known, and no more")
    func trail() {
        var trail = KindTrail()
        let kinds = (0..<20).map { JournalKind.allCases[$0 % 7] }
        for kind in kinds { trail.append(kind) }
        for distance in 1...16 { #expect(trail.kind(UInt64(distance)) == kinds[20 - distance]) }
        #expect(trail.kind(17) == nil && trail.kind(0) == nil)
    }

    @Test("Whoever waits for a signal is woken once it was raised, or cancelled, and misses nothing")
    func signal() async {
        let signal = Signal()
        let seen = signal.version
        signal.raise()
        await signal.wait(after: seen)
        let next = signal.version
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { await signal.wait(after: next) } }
            group.addTask { signal.raise() }
            await group.waitForAll()
        }
        await withTaskGroup(of: Void.self) { group in
            let now = signal.version
            group.addTask { await signal.wait(after: now) }
            group.cancelAll()
        }
    }
}
