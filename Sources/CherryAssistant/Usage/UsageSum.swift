public import CherryCore

/// What exchanges took together.
public struct UsageSum: Sendable, Hashable {
    /// What exchanges are added up by.
    public enum Grouping: String, Sendable, CaseIterable {
        case day, model, token, conversation
    }

    /// What the exchanges of one sum have in common; everything else is `nil`.
    public struct Key: Sendable, Hashable {
        /// Days since 1970-01-01.
        public var day: Int64?
        public var model: ModelReference?
        /// By a token; `nil` also for those of the product itself.
        public var tokenID: RecordID?
        public var conversationID: RecordID?

        init(_ record: UsageRecord, by groupings: Set<Grouping>) {
            self.day = groupings.contains(.day) ? record.at.utcDay : nil
            self.model =
                groupings.contains(.model) ? ModelReference(providerID: record.providerID, model: record.model) : nil
            self.tokenID = groupings.contains(.token) ? record.tokenID : nil
            self.conversationID = groupings.contains(.conversation) ? record.conversationID : nil
        }
    }

    public let key: Key
    public var exchanges = 0
    /// Those that came to no good end, stopped ones not included.
    public var failures = 0
    /// Those whose tokens are estimated.
    public var estimated = 0
    /// Those whose price is not known, so that they count nothing in `microDollars`.
    public var unpriced = 0
    public var tokens = TokenUsage(prompt: 0, completion: 0)
    /// Millionths of a US dollar.
    public var microDollars: Int64 = 0

    init(key: Key) { self.key = key }

    mutating func add(_ record: UsageRecord) {
        self.exchanges += 1
        if ![UsageRecord.complete, UsageRecord.stopped].contains(record.outcome) { self.failures += 1 }
        guard let tokens = record.tokens else { return }
        if record.isEstimated { self.estimated += 1 }
        if record.microDollars == nil { self.unpriced += 1 }
        self.microDollars += record.microDollars ?? 0
        self.tokens.prompt += tokens.prompt
        self.tokens.completion += tokens.completion
        self.tokens.cachedPrompt += tokens.cachedPrompt
        self.tokens.cacheWrite += tokens.cacheWrite
        self.tokens.reasoning += tokens.reasoning
    }
}

/// Which exchanges are asked about.
public struct UsageSelection: Sendable {
    /// From this day to that one, both included; days since 1970-01-01.
    public var days: ClosedRange<Int64>
    public var tokenID: RecordID?
    public var conversationID: RecordID?

    /// Asks about all of some days.
    public init(days: ClosedRange<Int64>, tokenID: RecordID? = nil, conversationID: RecordID? = nil) {
        self.days = days
        self.tokenID = tokenID
        self.conversationID = conversationID
    }

    func includes(_ record: UsageRecord) -> Bool {
        (self.tokenID == nil || record.tokenID == self.tokenID)
            && (self.conversationID == nil || record.conversationID == self.conversationID)
    }
}

/// Single exchanges, the newest first.
public struct UsagePage: Sendable {
    public let records: [UsageRecord]
    /// Ask from here next; `nil` when there are no older ones.
    public let next: UsageCursor?
}

/// A place among the exchanges: everything before it is older.
public struct UsageCursor: Sendable, Hashable {
    let block: RecordID
    /// How many of the block's exchanges are before the place.
    let count: Int
}

extension UsageCursor: LosslessStringConvertible {
    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let block = RecordID(String(parts[0])), let count = Int(parts[1]), count >= 0 else {
            return nil
        }
        self.block = block
        self.count = count
    }

    public var description: String { "\(self.block).\(self.count)" }
}
