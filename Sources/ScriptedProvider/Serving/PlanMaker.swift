import CherryCore
import NIOCore

/// Turns a script, a question and a fault into a plan: pure, so that a plan can be kept and played again.
struct PlanMaker {
    private let script: Script
    private let question: Question
    private let fault: Fault
    private let writer: any AnswerWriter

    init(_ script: Script, _ question: Question, fault: Fault?) {
        self.script = script
        self.question = question
        var fault = fault ?? Fault(action: .none, place: .request, times: nil)
        // What is said instead of the rest can only be said within the body.
        if case .pieces = fault.place {} else if fault.action.isSaid { fault.place = .pieces(0) }
        self.fault = fault
        self.writer = question.api.writer
    }

    func plan() -> Plan {
        if case .status(let status, let retryAfter, let body) = self.fault.action {
            return self.refusal(status, retryAfter: retryAfter, body: body)
        }
        let body = BodyMaker(habits: self.script.habits, isChunked: self.isChunked)
        let units = self.question.isStreamed ? self.streamUnits() : self.wholeUnits()
        var steps: [Plan.Step] = []
        for (place, next) in self.sections(units, in: body) {
            if self.fault.place == place {
                steps += self.fault.action.steps
                if self.fault.action.isEnd { return Plan(steps: steps, keepsAlive: false) }
            }
            steps += next
        }
        return Plan(steps: self.merged(steps))
    }

    /// What is sent after the request, after the head, and where the body is cut, in this order.
    private func sections(_ units: [BodyUnit], in maker: BodyMaker) -> [(Fault.Place, [Plan.Step])] {
        var maker = maker
        let head: Plan.Step = .send(ByteBuffer(bytes: self.head(units)), pieces: 0)
        guard case .pieces(let count) = self.fault.place else {
            return [(.request, [head]), (.head, maker.steps(units) + maker.end())]
        }
        let cut = self.cut(units, after: count)
        let rest = self.said(after: cut).map { [$0] } ?? Array(units[cut...])
        let before = maker.steps(Array(units[..<cut]))
        return [(.request, [head]), (.head, before), (.pieces(count), maker.steps(rest) + maker.end())]
    }

    // MARK: The body

    private static let garbage = Array("data: {\"what\": is this\n\n<html>\n\n".utf8)

    /// What comes instead of the rest of the answer, of which `count` units have been sent.
    private func said(after count: Int) -> BodyUnit? {
        switch self.fault.action {
        case .error:
            let event = self.writer.errorEvent("scripted", after: count)
            return self.question.isStreamed ? self.unit(event) : BodyUnit(bytes: event.data)
        case .garbage: return BodyUnit(bytes: Self.garbage)
        default: return nil
        }
    }

    private func unit(_ event: AnswerEvent) -> BodyUnit {
        BodyUnit(
            bytes: self.writer.framing.bytes(of: event, habits: self.script.habits),
            pieces: event.completesPiece ? 1 : 0
        )
    }

    private func streamUnits() -> [BodyUnit] {
        var events: [AnswerEvent] = []
        for event in self.writer.events(self.script, to: self.question) {
            switch (event.part, self.script.ending) {
            case (.ending, .cutOff), (.terminator, .cutOff), (.terminator, .noDone): continue
            default: break
            }
            let repeats: Bool
            switch (event.part, self.script.duplicate) {
            case (.opening, .start), (.opening, .both): repeats = events.isEmpty
            case (.ending, .end), (.ending, .both), (.terminator, .end), (.terminator, .both): repeats = true
            default: repeats = false
            }
            events += Array(repeating: event, count: repeats ? 2 : 1)
        }
        return events.map(self.unit)
    }

    /// A whole answer in two halves, so that something can go wrong between them.
    private func wholeUnits() -> [BodyUnit] {
        let body = self.writer.whole(self.script, to: self.question).bytes
        guard case .pieces = self.fault.place else { return [BodyUnit(bytes: body)] }
        let half = body.count / 2
        return [BodyUnit(bytes: Array(body[..<half])), BodyUnit(bytes: Array(body[half...]))]
    }

    /// The first unit after the one with which `count` pieces are complete.
    private func cut(_ units: [BodyUnit], after count: Int) -> Int {
        guard self.question.isStreamed else { return self.fault.action.isSaid ? 0 : 1 }
        var left = count
        for (index, unit) in units.enumerated() {
            if left == 0 { return index }
            left -= unit.pieces
        }
        return units.count
    }

    /// A whole answer to which nothing is done has a length; everything else comes in chunks.
    private var isChunked: Bool {
        if self.question.isStreamed || self.script.habits.write != nil || self.script.habits.gzip { return true }
        if case .pieces = self.fault.place { return true }
        return false
    }

    private func head(_ units: [BodyUnit]) -> [UInt8] {
        let usual = self.question.isStreamed ? self.writer.framing.contentType : "application/json"
        var headers = [("Content-Type", self.script.habits.contentType ?? usual)]
        if self.script.habits.gzip { headers.append(("Content-Encoding", "gzip")) }
        headers.append(
            self.isChunked
                ? ("Transfer-Encoding", "chunked")
                : ("Content-Length", "\(units.reduce(0) { $0 + $1.bytes.count })")
        )
        return ResponseHead.bytes(200, headers)
    }

    /// Puts together what is sent at once: a whole answer, and a stream of which a script wants it.
    private func merged(_ steps: [Plan.Step]) -> [Plan.Step] {
        guard !self.question.isStreamed || self.script.habits.atOnce else { return steps }
        var whole = ByteBuffer()
        var pieces = 0
        for step in steps {
            guard case .send(var buffer, let count) = step else { return steps }
            whole.writeBuffer(&buffer)
            pieces += count
        }
        return [.send(whole, pieces: pieces)]
    }

    private func refusal(_ status: Int, retryAfter: String?, body: String?) -> Plan {
        let refusal = self.writer.refusal(status, "scripted \(status)")
        let headers = refusal.headers + (retryAfter.map { [("Retry-After", $0)] } ?? [])
        return .whole(status, headers: headers, body.map { Array($0.utf8) } ?? refusal.body.bytes)
    }
}

extension Fault.Action {
    /// Whether nothing follows it.
    fileprivate var isEnd: Bool {
        switch self {
        case .hang, .reset, .close: true
        case .none, .status, .wait, .error, .garbage: false
        }
    }

    /// Whether it is something that is said instead of the rest.
    fileprivate var isSaid: Bool { self == .error || self == .garbage }

    fileprivate var steps: [Plan.Step] {
        switch self {
        case .hang: [.hang]
        case .wait(let milliseconds): [.wait(milliseconds)]
        case .reset: [.reset]
        case .close: [.close]
        case .none, .status, .error, .garbage: []
        }
    }
}
