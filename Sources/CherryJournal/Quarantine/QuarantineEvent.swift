import CherryCore

/// What happens to a record in quarantine, as its file holds it: CRC-32 of the rest (4 bytes), length of the body (4),
/// body.
enum QuarantineEvent: Hashable, Sendable {
    /// It is put aside, with its sealed payload; without one when nothing is left of it.
    case held(QuarantineKey, kind: JournalKind, at: Int64, reason: String, payload: [UInt8])
    /// It is to be sent again.
    case requeued(QuarantineKey)
    /// It is put aside again.
    case returned(QuarantineKey, reason: String)
    /// It was sent or thrown away.
    case gone(QuarantineKey)

    static let prefix = 8

    func encode() -> [UInt8] {
        var body = ByteWriter()
        switch self {
        case .held(let key, let kind, let at, let reason, let payload):
            Self.begin(&body, 1, key)
            body.put(kind.rawValue)
            body.put(at)
            body.put(reason)
            body.bytes += payload
        case .requeued(let key): Self.begin(&body, 2, key)
        case .returned(let key, let reason):
            Self.begin(&body, 3, key)
            body.put(reason)
        case .gone(let key): Self.begin(&body, 4, key)
        }
        var guarded = ByteWriter()
        guarded.put(UInt32(body.bytes.count))
        guarded.bytes += body.bytes
        var whole = ByteWriter()
        whole.put(CRC32.checksum(guarded.bytes))
        return whole.bytes + guarded.bytes
    }

    private static func begin(_ body: inout ByteWriter, _ code: UInt8, _ key: QuarantineKey) {
        body.put(code)
        body.put(key.destination)
        body.put(key.record.lane.rawValue)
        body.put(key.record.position)
    }

    /// Reads one event.
    ///
    /// - Returns: the event, or `nil` when it is not what was written, and how many bytes it takes; `nil` when that
    ///   cannot be told either.
    static func decode(_ bytes: ArraySlice<UInt8>) -> (event: QuarantineEvent?, length: Int)? {
        do {
            var reader = ByteReader(bytes)
            let checksum = try reader.number(UInt32.self)
            let length = Int(try reader.number(UInt32.self))
            let body = try reader.take(length)
            let guarded = bytes[(bytes.startIndex + 4)..<body.endIndex]
            guard CRC32.checksum(Array(guarded)) == checksum else { return (nil, self.prefix + length) }
            return (try? self.body(body), self.prefix + length)  // an event that cannot be read is a damaged one
        } catch {
            return nil
        }
    }

    private static func body(_ bytes: ArraySlice<UInt8>) throws(ByteReader.Malformed) -> QuarantineEvent {
        var reader = ByteReader(bytes)
        let code = try reader.number(UInt8.self)
        let destination = try reader.text()
        guard let lane = JournalLane(rawValue: try reader.number()) else { throw ByteReader.Malformed() }
        let record = RecordKey(lane: lane, position: try reader.number())
        let key = QuarantineKey(destination: destination, record: record)
        switch code {
        case 1:
            guard let kind = JournalKind(rawValue: try reader.number()) else { throw ByteReader.Malformed() }
            let at = try reader.number(Int64.self)
            let reason = try reader.text()
            return .held(key, kind: kind, at: at, reason: reason, payload: Array(try reader.rest()))
        case 2: return .requeued(key)
        case 3: return .returned(key, reason: try reader.text())
        case 4: return .gone(key)
        default: throw ByteReader.Malformed()
        }
    }
}
