import CherryCore

extension JournalState {
    private static let magic: UInt32 = 0x544A_4843
    private static let version: UInt16 = 2
    /// Bytes before the body: length and checksum.
    static let prefix = 8

    /// How many bytes a slot says that it has, prefix included.
    static func length(ofSlot prefix: [UInt8]) -> Int? {
        var reader = ByteReader(prefix[...])
        return (try? reader.number(UInt32.self)).map { Self.prefix + Int($0) }  // too short a file has no state
    }

    /// Length (4 bytes), CRC-32 of the body (4), body: numbers little-endian, texts after a byte with their length.
    func encode() -> [UInt8] {
        var body = ByteWriter()
        body.put(Self.magic)
        body.put(Self.version)
        body.put(self.journal)
        body.put(self.generation)
        body.put(UInt16(self.probe.count))
        body.bytes += self.probe
        for mark in self.marks { mark.encode(into: &body) }
        for count in self.refused { body.put(count) }
        body.put(self.quarantine.generation)
        body.put(UInt64(self.quarantine.length))
        body.put(UInt8(self.isRebuilt ? 1 : 0))
        body.put(UInt8(self.accounts.count))
        for account in self.accounts { account.encode(into: &body) }
        var slot = ByteWriter()
        slot.put(UInt32(body.bytes.count))
        slot.put(CRC32.checksum(body.bytes))
        return slot.bytes + body.bytes
    }

    /// Reads a slot; `nil` when it is not what was written.
    ///
    /// - Throws: `JournalError` with code `.tooNew`.
    static func decode(_ slot: [UInt8]) throws(JournalError) -> JournalState? {
        do {
            var head = ByteReader(slot.prefix(self.prefix))
            let length = Int(try head.number(UInt32.self))
            let checksum = try head.number(UInt32.self)
            guard length <= slot.count - self.prefix else { return nil }
            let body = slot[self.prefix..<self.prefix + length]
            guard CRC32.checksum(Array(body)) == checksum else { return nil }
            var reader = ByteReader(body)
            guard try reader.number(UInt32.self) == self.magic else { return nil }
            guard try reader.number(UInt16.self) == self.version else { throw JournalError(.tooNew) }
            var state = JournalState(journal: try reader.number())
            state.generation = try reader.number()
            state.probe = Array(try reader.take(Int(try reader.number(UInt16.self))))
            for index in state.marks.indices { state.marks[index] = try LaneMark(from: &reader) }
            for index in state.refused.indices { state.refused[index] = try reader.number() }
            state.quarantine = QuarantineExtent(
                generation: try reader.number(),
                length: Int(truncatingIfNeeded: try reader.number(UInt64.self))
            )
            state.isRebuilt = try reader.number(UInt8.self) != 0
            for _ in 0..<(try reader.number(UInt8.self)) {
                state.accounts.append(try DestinationAccount(from: &reader))
            }
            return reader.isAtEnd ? state : nil
        } catch let error as JournalError {
            throw error
        } catch {
            return nil
        }
    }
}

extension DestinationAccount {
    fileprivate func encode(into writer: inout ByteWriter) {
        writer.put(self.name)
        writer.put(UInt8(self.subscriptions.count))
        for (kind, subscription) in self.subscriptions.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.put(kind.rawValue)
            writer.put(subscription.from)
            writer.put(subscription.baseline)
        }
        for count in [self.closed, self.sent, self.quarantined, self.requeued] { writer.put(count) }
        writer.put(UInt8(self.dropped.count))
        for (reason, count) in self.dropped.sorted(by: { $0.key < $1.key }) {
            writer.put(reason)
            writer.put(count)
        }
        for progress in self.progress {
            writer.put(progress.cursor)
            writer.put(UInt16(progress.beyond.ranges.count))
            for range in progress.beyond.ranges {
                writer.put(range.lowerBound)
                writer.put(UInt64(range.count))
            }
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        self.init(name: try reader.text(), progress: [])
        for _ in 0..<(try reader.number(UInt8.self)) {
            guard let kind = JournalKind(rawValue: try reader.number()) else { throw ByteReader.Malformed() }
            self.subscriptions[kind] = Subscription(from: try reader.number(), baseline: try reader.number())
        }
        self.closed = try reader.number()
        self.sent = try reader.number()
        self.quarantined = try reader.number()
        self.requeued = try reader.number()
        for _ in 0..<(try reader.number(UInt8.self)) {
            let reason = try reader.text()
            self.dropped[reason] = try reader.number()
        }
        for _ in JournalLane.allCases {
            var progress = LaneProgress(cursor: try reader.number())
            for _ in 0..<(try reader.number(UInt16.self)) {
                let start = try reader.number(UInt64.self)
                let (end, isTooFar) = start.addingReportingOverflow(try reader.number(UInt64.self))
                guard !isTooFar else { throw ByteReader.Malformed() }
                progress.restore(start..<end)
            }
            self.progress.append(progress)
        }
    }
}
