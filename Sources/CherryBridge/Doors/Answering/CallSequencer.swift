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
    /// - Returns: the events that may be told now, in the order to tell them in. Pieces that waited come as one.
    mutating func receive(_ event: ChatEvent) -> [ChatEvent] {
        switch event {
        case .usage: return [event]
        case .toolArguments(let index, _) where index != self.current && self.told.contains(index): return []
        default: break
        }
        if let current, event.concernsCall(current) {
            self.follow(event)
            return [event] + self.release()
        }
        if self.waiting.isEmpty, !self.isHolding {
            self.follow(event)
            return [event]
        }
        self.wait(event)
        if case .finished = event { return self.release(all: true) }
        return self.release()
    }

    /// Takes the end of an answer that broke off.
    ///
    /// - Returns: what still waited.
    mutating func breakOff() -> [ChatEvent] { self.release(all: true) }

    private var isHolding: Bool { self.current != nil && !self.scan.isWhole }

    /// Lets pieces of one thing grow together, so that what waits takes no more room than the answer itself.
    private mutating func wait(_ event: ChatEvent) {
        switch (event, self.waiting.last) {
        case (.text(let more), .text(var text)?):
            self.waiting.removeLast()
            text += more
            self.waiting.append(.text(text))
            return
        case (.reasoning(let more), .reasoning(var text)?):
            self.waiting.removeLast()
            text += more
            self.waiting.append(.reasoning(text))
            return
        case (.toolArguments(let index, let more), _):
            guard let place = self.waiting.lastIndex(where: { $0.isArguments(of: index) }),
                case .toolArguments(_, var text) = self.waiting[place]
            else { break }
            self.waiting[place] = .toolArguments(index: index, "")
            text += more
            self.waiting[place] = .toolArguments(index: index, text)
            return
        default: break
        }
        self.waiting.append(event)
    }

    private mutating func release(all: Bool = false) -> [ChatEvent] {
        var ready: [ChatEvent] = []
        while !self.waiting.isEmpty {
            let own = self.current.flatMap { call in self.waiting.firstIndex { $0.concernsCall(call) } }
            guard own != nil || all || !self.isHolding else { break }
            let next = self.waiting.remove(at: own ?? 0)
            self.follow(next)
            ready.append(next)
        }
        return ready
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

    fileprivate func isArguments(of call: Int) -> Bool {
        if case .toolArguments(call, _) = self { true } else { false }
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
