import Foundation

/// A stretch of usage as it is stored: exchanges that began on one day of UTC, in order of their end.
///
/// One row for many exchanges keeps the cost of writing them down far below that of the exchanges.
public struct UsageBlock: Sendable, Hashable {
    /// Exchanges that one block holds at most.
    public static let capacity = 512

    /// Sorts by time among all blocks.
    public let id: RecordID
    /// Days since 1970-01-01.
    public let day: Int64
    public var records: [UsageRecord]

    /// Creates a block.
    public init(id: RecordID, day: Int64, records: [UsageRecord]) {
        self.id = id
        self.day = day
        self.records = records
    }
}

extension UsageBlock: Codable {
    private enum CodingKeys: String, CodingKey { case id, day, rows }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(RecordID.self, forKey: .id)
        self.day = try container.decode(Int64.self, forKey: .day)
        guard let records = UsageRows.decode([UInt8](try container.decode(Data.self, forKey: .rows)), day: self.day)
        else {
            throw DecodingError.dataCorruptedError(forKey: .rows, in: container, debugDescription: "not rows of usage")
        }
        self.records = records
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        try container.encode(self.day, forKey: .day)
        try container.encode(Data(UsageRows.encode(self.records, day: self.day)), forKey: .rows)
    }
}

/// The compact form of the exchanges of one block.
///
/// A version byte; the ids, each once; the texts, each once; then one row an exchange, of whole numbers in LEB128.
/// Numbers that may be negative are written in zigzag form.
enum UsageRows {
    private static let version: UInt8 = 1

    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let token = Self(rawValue: 1)
        static let conversation = Self(rawValue: 2)
        static let alias = Self(rawValue: 4)
        static let tokens = Self(rawValue: 8)
        static let estimated = Self(rawValue: 16)
        static let money = Self(rawValue: 32)
        static let firstToken = Self(rawValue: 64)
    }

    static func encode(_ records: [UsageRecord], day: Int64) -> [UInt8] {
        var ids = Table<RecordID>()
        var texts = Table<String>()
        var rows: [UInt8] = []
        rows.reserveCapacity(records.count * 40)
        for record in records {
            var flags: Flags = []
            if record.tokenID != nil { flags.insert(.token) }
            if record.conversationID != nil { flags.insert(.conversation) }
            if record.alias != nil { flags.insert(.alias) }
            if record.tokens != nil { flags.insert(.tokens) }
            if record.isEstimated { flags.insert(.estimated) }
            if record.microDollars != nil { flags.insert(.money) }
            if record.firstTokenMilliseconds != nil { flags.insert(.firstToken) }
            rows.append(flags.rawValue)
            rows.write(record.at.milliseconds - day * Timestamp.millisecondsPerDay)
            if let id = record.tokenID { rows.write(ids.index(of: id)) }
            if let id = record.conversationID { rows.write(ids.index(of: id)) }
            rows.write(ids.index(of: record.providerID))
            rows.write(texts.index(of: record.model))
            if let alias = record.alias { rows.write(texts.index(of: alias)) }
            rows.write(texts.index(of: record.outcome))
            if let tokens = record.tokens {
                let counts = [
                    tokens.prompt, tokens.completion, tokens.cachedPrompt, tokens.cacheWrite, tokens.reasoning,
                ]
                for count in counts { rows.write(Int64(count)) }
            }
            if let money = record.microDollars { rows.write(money) }
            if let time = record.firstTokenMilliseconds { rows.write(time) }
            rows.write(record.totalMilliseconds)
            rows.write(Int64(record.attempts))
        }
        var bytes = [self.version]
        bytes.write(Int64(ids.values.count))
        for id in ids.values { bytes += id.bytes }
        bytes.write(Int64(texts.values.count))
        for text in texts.values {
            bytes.write(Int64(text.utf8.count))
            bytes += text.utf8
        }
        bytes.write(Int64(records.count))
        return bytes + rows
    }

    /// - Returns: `nil` when `bytes` are not what `encode` writes.
    static func decode(_ bytes: [UInt8], day: Int64) -> [UsageRecord]? {
        var reader = Reader(bytes)
        guard reader.byte() == self.version, let idCount = reader.count() else { return nil }
        var ids: [RecordID] = []
        for _ in 0..<idCount {
            guard let id = reader.bytes(16).flatMap({ RecordID(bytes: $0) }) else { return nil }
            ids.append(id)
        }
        guard let textCount = reader.count() else { return nil }
        var texts: [String] = []
        for _ in 0..<textCount {
            guard let length = reader.count(), let text = reader.bytes(length) else { return nil }
            texts.append(String(decoding: text, as: UTF8.self))
        }
        guard let rowCount = reader.count() else { return nil }
        var records: [UsageRecord] = []
        for _ in 0..<rowCount {
            guard let record = self.row(&reader, ids, texts, day: day) else { return nil }
            records.append(record)
        }
        return reader.isAtEnd ? records : nil
    }

    private static func row(_ reader: inout Reader, _ ids: [RecordID], _ texts: [String], day: Int64) -> UsageRecord? {
        guard let flags = reader.byte().map(Flags.init(rawValue:)), let time = reader.number() else { return nil }
        var isSound = true
        func next() -> Int64 {
            guard isSound, let number = reader.number() else {
                isSound = false
                return 0
            }
            return number
        }
        func pick<Value>(_ values: [Value]) -> Value? {
            let index = next()
            guard isSound, index >= 0, index < values.count else {
                isSound = false
                return nil
            }
            return values[Int(index)]
        }
        let token = flags.contains(.token) ? pick(ids) : nil
        let conversation = flags.contains(.conversation) ? pick(ids) : nil
        let provider = pick(ids)
        let model = pick(texts)
        let alias = flags.contains(.alias) ? pick(texts) : nil
        let outcome = pick(texts)
        var tokens: TokenUsage?
        if flags.contains(.tokens) {
            tokens = TokenUsage(prompt: Int(next()), completion: Int(next()))
            tokens?.cachedPrompt = Int(next())
            tokens?.cacheWrite = Int(next())
            tokens?.reasoning = Int(next())
        }
        let money = flags.contains(.money) ? next() : nil
        let firstToken = flags.contains(.firstToken) ? next() : nil
        let total = next()
        let attempts = next()
        guard isSound, let provider, let model, let outcome else { return nil }
        return UsageRecord(
            at: Timestamp(milliseconds: day * Timestamp.millisecondsPerDay &+ time),
            tokenID: token,
            conversationID: conversation,
            providerID: provider,
            model: model,
            alias: alias,
            tokens: tokens,
            isEstimated: flags.contains(.estimated),
            microDollars: money,
            firstTokenMilliseconds: firstToken,
            totalMilliseconds: total,
            attempts: Int(attempts),
            outcome: outcome
        )
    }

    /// Values, each once, in order of their first use.
    private struct Table<Value: Hashable> {
        private(set) var values: [Value] = []
        private var places: [Value: Int64] = [:]

        mutating func index(of value: Value) -> Int64 {
            if let place = self.places[value] { return place }
            let place = Int64(self.values.count)
            self.places[value] = place
            self.values.append(value)
            return place
        }
    }

    private struct Reader {
        private let source: [UInt8]
        private var at = 0

        init(_ source: [UInt8]) { self.source = source }

        var isAtEnd: Bool { self.at == self.source.count }

        mutating func byte() -> UInt8? {
            guard self.at < self.source.count else { return nil }
            defer { self.at += 1 }
            return self.source[self.at]
        }

        mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
            guard count <= self.source.count - self.at else { return nil }
            defer { self.at += count }
            return self.source[self.at..<self.at + count]
        }

        /// A number of things that follow, so never more than there are bytes.
        mutating func count() -> Int? {
            guard let number = self.number(), number >= 0, number <= self.source.count - self.at else { return nil }
            return Int(number)
        }

        mutating func number() -> Int64? {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 70, by: 7) {
                guard let byte = self.byte() else { return nil }
                value |= UInt64(byte & 0x7f) << shift
                if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
            }
            return nil
        }
    }
}

extension [UInt8] {
    fileprivate mutating func write(_ number: Int64) {
        var value = UInt64(bitPattern: number << 1 ^ number >> 63)
        while value >= 0x80 {
            self.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        self.append(UInt8(value))
    }
}
