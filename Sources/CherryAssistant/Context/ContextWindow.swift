/// Chooses which part of a history a model gets to read.
///
/// The newest messages matter most and the first exchange often sets the task, so what does not fit is left out of the
/// middle. The instructions and the newest message are always kept.
struct ContextWindow {
    /// Tokens that instructions and history may take together.
    let budget: Int

    /// The share of the budget that the opening messages may take.
    static let openingShare = 0.25
    /// Messages at the start that count as the opening: the first question and its answer.
    static let openingCount = 2
    /// Tokens that a message costs beyond its text: role and separators.
    static let overhead = 4

    /// What a choice left.
    struct Choice: Equatable {
        /// Indices of the messages to send, rising.
        var kept: [Int]
        /// How many were left out.
        var omitted: Int
    }

    /// Leaves room for an answer: a quarter of the context, at most 1,024 tokens.
    init(contextLength: Int) {
        self.budget = contextLength - min(1024, contextLength / 4)
    }

    /// Chooses among messages that take `counts` tokens each, the last being the newest.
    ///
    /// - Returns: `nil` when the instructions and the newest message alone do not fit.
    func choose(instructions: Int, counts: [Int]) -> Choice? {
        guard let newest = counts.last else { return Choice(kept: [], omitted: 0) }
        var left = self.budget - self.cost(instructions) - self.cost(newest)
        guard left >= 0 else { return nil }
        let older = counts.dropLast()
        if older.reduce(0, { $0 + self.cost($1) }) <= left {
            return Choice(kept: Array(counts.indices), omitted: 0)
        }

        var opening: [Int] = []
        var openingLeft = Int(Double(self.budget) * Self.openingShare)
        for index in older.indices.prefix(Self.openingCount) {
            let cost = self.cost(counts[index])
            guard cost <= openingLeft, cost <= left else { break }
            opening.append(index)
            openingLeft -= cost
            left -= cost
        }

        var tail: [Int] = [counts.count - 1]
        for index in older.indices.reversed() where index >= opening.count {
            let cost = self.cost(counts[index])
            guard cost <= left else { break }
            tail.append(index)
            left -= cost
        }
        let kept = opening + tail.reversed()
        return Choice(kept: kept, omitted: counts.count - kept.count)
    }

    /// The messages worth counting exactly: the opening, and the end as far back as `budget` tokens by estimate.
    static func candidates(_ estimates: [Int], budget: Int) -> [Int] {
        var left = budget
        var first = estimates.count
        while first > 0, left >= estimates[first - 1] || first == estimates.count {
            first -= 1
            left -= estimates[first]
        }
        return Array(estimates.indices.prefix(min(Self.openingCount, first))) + Array(first..<estimates.count)
    }

    private func cost(_ tokens: Int) -> Int { tokens + Self.overhead }
}
