import CherryCore

/// What the service says to one request, and how it misbehaves while saying it.
///
/// `docs/conformance.md` describes every member as it is written in JSON.
struct Script: Sendable, Hashable {
    /// A tool call.
    struct Call: Sendable, Hashable {
        var id: String
        var name: String
        /// The arguments' JSON text, in the pieces in which it is streamed; at least one.
        var arguments: [String]
    }

    /// Tokens, with the meaning of `TokenUsage` of the product: caches are part of the prompt, reasoning of the completion.
    struct Usage: Sendable, Hashable {
        var prompt = 11
        var completion = 7
        var cached = 0
        var cacheWrite = 0
        var reasoning = 0
    }

    /// When usage is told within a stream.
    enum UsagePlace: String, Sendable, CaseIterable {
        case first, last, every, never
    }

    /// Why the answer ends.
    enum Finish: Sendable, Hashable {
        case stop, length, toolCalls, filtered
        case stopText(String)
    }

    /// How a stream ends.
    enum Ending: String, Sendable, CaseIterable {
        /// As the API says.
        case whole
        /// Without the event that only says that nothing more comes, where the API has one.
        case noDone
        /// Without the reason and everything after it, though the body ends properly.
        case cutOff
    }

    /// Which events are sent twice.
    enum Duplicate: String, Sendable, CaseIterable {
        case none, start, end, both
    }

    /// Names what is counted together, and the run of attempts that faults are counted in.
    var id = "default"
    var reasoning: [String] = []
    /// What proves reasoning or a call to the provider, where its API has it.
    var signature: String?
    var text: [String] = ["Hello from the script."]
    var calls: [Call] = []
    /// Which call the next fragment belongs to, again and again; what it leaves over follows call by call.
    var order: [Int] = []
    var usage = Usage()
    var usageAt = UsagePlace.last
    /// `nil` is `toolCalls` when there are calls, else `stop`.
    var finish: Finish?
    /// The model that the answer names; `nil` is the one that was asked for.
    var model: String?
    var ending = Ending.whole
    var duplicate = Duplicate.none
    var habits = WireHabits()
    /// Used up one after another, each for as many requests as it says.
    var faults: [Fault] = []
    /// What is said after tools have answered; at most one.
    var then: [Script] = []

    /// The reason with its default filled in.
    var reason: Finish { self.finish ?? (self.calls.isEmpty ? .stop : .toolCalls) }

    /// The fault for the request number `attempt`, counted from 0.
    func fault(attempt: Int) -> Fault? {
        var used = 0
        for fault in self.faults {
            guard let times = fault.times else { return fault }
            used += times
            if attempt < used { return fault }
        }
        return nil
    }

    /// What is said after so many rounds of tool results.
    func after(rounds: Int) -> Script {
        guard rounds > 0, let next = self.then.first else { return self }
        return next.after(rounds: rounds - 1)
    }
}

/// How the bytes of an answer are sent.
struct WireHabits: Sendable, Hashable {
    enum LineEnd: String, Sendable, CaseIterable {
        case lf, crlf, cr

        var bytes: [UInt8] {
            switch self {
            case .lf: [0x0A]
            case .crlf: [0x0D, 0x0A]
            case .cr: [0x0D]
            }
        }
    }

    /// Bytes of the body per write, each a chunk of its own; `nil` is an event per write.
    var write: Int?
    /// Milliseconds between writes.
    var pause = 0
    var lineEnds = LineEnd.lf
    /// Whether comments stand between events of server-sent events.
    var comments = false
    var gzip = false
    /// `nil` is the API's own.
    var contentType: String?
    /// Whether the whole stream is handed over at once instead of event by event.
    var atOnce = false
}

/// Something that goes wrong, for a number of requests.
struct Fault: Sendable, Hashable {
    enum Action: Sendable, Hashable {
        /// Nothing: uses up requests.
        case none
        /// A refusal with this HTTP status; `body` is sent as it is instead of the API's own error.
        case status(Int, retryAfter: String?, body: String?)
        /// Silence until the client goes.
        case hang
        /// Silence for so many milliseconds.
        case wait(Int)
        /// A reset of the connection.
        case reset
        /// The end of the connection, with the body unfinished.
        case close
        /// An error in the API's own form, within a stream.
        case error
        /// Bytes that are no part of any API.
        case garbage
    }

    enum Place: Sendable, Hashable {
        /// After the request, before anything is sent.
        case request
        /// After the head of the answer.
        case head
        /// After so many pieces of content; within a whole answer, in the middle of the body.
        case pieces(Int)
    }

    var action: Action
    var place: Place
    /// Requests that it meets; `nil` is all.
    var times: Int?
}
