import CherryCore
import Testing

@testable import CherryJournal

@Suite("What the journal's files are made of")
struct FormatTests {
    @Test("A settled set says the same as a plain set of positions", arguments: 0..<20)
    func progress(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
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

    @Test("A state of another version is left alone")
    func newerState() throws {
        var bytes = Self.state.encode()
        bytes[12] = 9
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

    @Test("The kinds of eight runs before a place are known, and no more")
    func trail() {
        var trail = KindTrail()
        let kinds = (0..<20).map { JournalKind.allCases[$0 % 7] }
        for kind in kinds { trail.append(kind, 3) }
        for distance in 1...24 { #expect(trail.kind(UInt64(distance)) == kinds[19 - (distance - 1) / 3]) }
        #expect(trail.kind(25) == nil && trail.kind(0) == nil)
    }

    @Test("A trail is the same whether records are passed one by one or together, and holds thousands of a kind")
    func longTrail() {
        var (single, together) = (KindTrail(), KindTrail())
        for (kind, count) in [(JournalKind.span, 5000), (.log, 1), (.log, 4094), (.log, 2), (.event, 4095)] {
            for _ in 0..<count { single.append(kind) }
            together.append(kind, UInt64(count))
        }
        #expect(single == together)
        #expect(together.kind(4095) == .event && together.kind(4096) == .log)
        #expect(together.kind(8192) == .log && together.kind(8193) == .span && together.kind(13192) == .span)
        #expect(together.kind(13193) == nil)
    }

    private static let entries = (0..<5).map {
        JournalEntry(kind: .span, at: Timestamp(milliseconds: Int64($0) - 2), payload: Array(repeating: 7, count: $0))
    }

    @Test("A block reads as it was written, and cut off, longer or with another number of records not at all")
    func block() throws {
        let bytes = Block.encode(Self.entries[...])
        #expect(Block.decode(bytes, kind: .span, count: 5) == Self.entries)
        for count in 0..<bytes.count { #expect(Block.decode(Array(bytes.prefix(count)), kind: .span, count: 5) == nil) }
        #expect(Block.decode(bytes + [0], kind: .span, count: 5) == nil)
        for count in [0, 1, 4, 6] { #expect(Block.decode(bytes, kind: .span, count: count) == nil) }
        #expect(Block.decode(Array(repeating: 0xFF, count: 64), kind: .span, count: 1) == nil)
    }

    @Test("A block has records of one kind, up to a number and a size; a large one stands alone")
    func blockSize() {
        #expect(Block.count([]) == 0)
        let log = JournalEntry(kind: .log, at: Timestamp(milliseconds: 0), payload: [1])
        #expect(Block.count([log, log, Self.entries[0], log]) == 2)
        #expect(Block.count(Array(repeating: log, count: 300)[...]) == Block.recordLimit)
        let large = JournalEntry(kind: .log, at: log.at, payload: Array(repeating: 0, count: 1 << 20))
        #expect(Block.count([large, log]) == 1)
        #expect(Block.count([log, large]) == 1)
    }

    @Test("A frame reads as it was written, and cut off or changed anywhere not at all")
    func frame() {
        var trail = KindTrail()
        trail.append(.alert, 40)
        let frame = BlockFrame(
            kind: .span,
            count: 256,
            position: 1 << 40,
            at: -9,
            trail: trail,
            length: 77,
            checksum: 0xFFFF_FFFF
        )
        var bytes: [UInt8] = [1, 2, 3]
        frame.append(to: &bytes)
        #expect(bytes.count == 3 + BlockFrame.size)
        #expect(bytes.withUnsafeBytes { BlockFrame.read($0, at: 3) } == frame)
        #expect(bytes.withUnsafeBytes { BlockFrame.isLikely($0, at: 3) })
        for count in 0..<bytes.count {
            #expect(Array(bytes.prefix(count)).withUnsafeBytes { BlockFrame.read($0, at: 3) } == nil)
        }
        for index in 3..<bytes.count {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(damaged.withUnsafeBytes { BlockFrame.read($0, at: 3) } == nil)
        }
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
