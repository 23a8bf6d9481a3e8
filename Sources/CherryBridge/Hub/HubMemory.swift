/// What a tool has asked for and was given, so that a repeat with the same id does nothing twice. Bounded: the oldest
/// is forgotten.
struct HubMemory: Sendable {
    enum Answer: Sendable {
        /// It was done; this was the answer.
        case done(HubNotice)
        /// A broadcast that these have got and others could not take.
        case partly(Set<String>)
    }

    private var answers: [String: Answer] = [:]
    private var order: [String] = []
    private var next = 0
    private let limit: Int

    init(limit: Int) { self.limit = max(1, limit) }

    subscript(_ id: String) -> Answer? { self.answers[id] }

    mutating func remember(_ answer: Answer, for id: String) {
        if self.answers.updateValue(answer, forKey: id) != nil { return }
        if self.order.count < self.limit {
            self.order.append(id)
        } else {
            self.answers[self.order[self.next]] = nil
            self.order[self.next] = id
            self.next = (self.next + 1) % self.limit
        }
    }
}
