import CherryCore

/// The turns of a conversation in an API that wants the parts of one speaker's messages together.
struct WireTurns {
    private(set) var turns: [(role: String, parts: [JSONValue])] = []

    /// Adds parts; they join the last turn when it is the same speaker's. No parts are no turn.
    mutating func add(_ role: String, _ parts: [JSONValue]) {
        guard !parts.isEmpty else { return }
        if self.turns.last?.role == role {
            self.turns[self.turns.count - 1].parts += parts
        } else {
            self.turns.append((role, parts))
        }
    }

    /// The turns as objects with their parts under `key`.
    func value(partsUnder key: String) -> JSONValue {
        .array(self.turns.map { ["role": .string($0.role), key: .array($0.parts)] })
    }

    /// Puts the parts that hold `key` before the others of each turn, each group in its order.
    mutating func putFirst(partsWhere isFirst: (JSONValue) -> Bool) {
        for index in self.turns.indices {
            let parts = self.turns[index].parts
            self.turns[index].parts = parts.filter(isFirst) + parts.filter { !isFirst($0) }
        }
    }
}
