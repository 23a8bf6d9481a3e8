import CherryCore

/// Puts the pieces of calls that arrive interleaved one call after the other, for APIs that tell one thing at a time.
///
/// Pieces of the call that is being told pass at once; what else arrives waits until that call's arguments are a whole
/// JSON text, or until the answer is finished. Calls that arrive in order, as nearly all do, never wait. Arguments beyond
/// the whole JSON text of a call that is over are white space or garbage, and are left out.
struct CallSequencer: Sendable {
    private var current: Int?
    private var scan = JSONScan()
    private var waiting: [ChatEvent] = []
    private var told: Set<Int> = []

    /// Takes one event.
    ///
    /// - Returns: the events that may be told now, in the order to tell them in.
    mutating func receive(_ event: ChatEvent) -> [ChatEvent] {
        if case .usage = event { return [event] }
        if case .toolArguments(let index, _) = event, index != self.current, self.told.contains(index) { return [] }
        self.waiting.append(event)
        var ready: [ChatEvent] = []
        while let place = self.nextPlace() {
            let next = self.waiting.remove(at: place)
            self.follow(next)
            ready.append(next)
        }
        return ready
    }

    /// Where the next event to tell stands.
    private func nextPlace() -> Int? {
        guard !self.waiting.isEmpty else { return nil }
        guard let current = self.current else { return 0 }
        if let own = self.waiting.firstIndex(where: { $0.concernsCall(current) }) { return own }
        if self.scan.isWhole { return 0 }
        if case .finished? = self.waiting.last { return 0 }
        return nil
    }

    private mutating func follow(_ event: ChatEvent) {
        switch event {
        case .toolCall(let index, _, _):
            self.current = index
            self.told.insert(index)
            self.scan = JSONScan()
        case .toolArguments(let index, let text) where index == self.current: self.scan.read(text)
        case .toolArguments, .toolCallProof: break
        default: self.current = nil
        }
    }
}

extension ChatEvent {
    fileprivate func concernsCall(_ call: Int) -> Bool {
        switch self {
        case .toolArguments(let index, _), .toolCallProof(let index, _): index == call
        default: false
        }
    }
}

/// Tells when a text has become a whole JSON object or list, from brackets alone.
private struct JSONScan: Sendable {
    private var depth = 0
    private var (hasBegun, isInString, isEscaped) = (false, false, false)

    var isWhole: Bool { self.hasBegun && self.depth == 0 }

    mutating func read(_ text: String) {
        for byte in text.utf8 {
            if self.isInString {
                if self.isEscaped {
                    self.isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    self.isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    self.isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): self.isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                self.depth += 1
                self.hasBegun = true
            case UInt8(ascii: "}"), UInt8(ascii: "]"): self.depth -= 1
            default: break
            }
        }
    }
}
