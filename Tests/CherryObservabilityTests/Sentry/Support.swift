import CherryCore
import CherryJournal
import Synchronization

@testable import CherryObservability

extension ServiceIdentity {
    static let example = ServiceIdentity(
        service: "cherry",
        version: "0.1.0",
        role: "all",
        environment: "production",
        instance: "quiet-river"
    )
}

extension HexID {
    /// An id whose last digits are a number.
    static func example(_ number: Int) -> HexID {
        let digits = String(number, radix: 16)
        return HexID(String(repeating: "a", count: 32 - digits.count) + digits) ?? .make()
    }
}

/// Time that passes only when somebody sleeps, at once.
final class SleepingClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: self.offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - self.offset }
        static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.offset < rhs.offset }
    }

    static let start = Timestamp(milliseconds: 1_790_000_000_000)
    private let state = Mutex(Duration.zero)

    var now: Instant { Instant(offset: self.state.withLock { $0 }) }
    var minimumResolution: Duration { .milliseconds(1) }
    var wallClock: WallClock { WallClock { Self.start + self.state.withLock { $0 } } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        self.state.withLock { $0 = max($0, deadline.offset) }
    }

    func advance(by duration: Duration) { self.state.withLock { $0 += duration } }
}

/// A Sentry server that answers as it is told, and remembers what it was sent.
final class ScriptedSentry: Sendable {
    struct Unreachable: Error {}

    private struct State {
        var answers: [SentryAnswer?] = []
        var bodies: [[UInt8]] = []
    }
    private let state = Mutex(State())

    /// Answers in order; `nil` breaks the connection. Afterwards everything is taken.
    init(_ answers: [SentryAnswer?] = []) { self.state.withLock { $0.answers = answers } }

    func post(_ body: [UInt8]) throws -> SentryAnswer {
        let answer = self.state.withLock { state in
            state.bodies.append(body)
            return state.answers.isEmpty ? SentryAnswer(status: 200) : state.answers.removeFirst()
        }
        guard let answer else { throw Unreachable() }
        return answer
    }

    var envelopes: [EnvelopeReader] {
        self.state.withLock { $0.bodies }.compactMap {
            try? EnvelopeReader($0, limits: .init(bytes: 1 << 24, items: 1000))
        }
    }

    /// The types of the items of each envelope.
    var types: [[String]] { self.envelopes.map { $0.items.map { $0.header["type"]?.string ?? "?" } } }
}

extension SentryDestination {
    convenience init(_ sentry: ScriptedSentry, _ clock: SleepingClock) {
        self.init(version: "0.1.0", wallClock: clock.wallClock, clock: clock) { try sentry.post($0) }
    }
}

func record(_ number: Int, _ envelope: SentryEnvelope, _ kind: JournalKind = .event) -> JournalRecord {
    JournalRecord(
        number: UInt128(number),
        entry: JournalEntry(kind: kind, at: SleepingClock.start, payload: envelope.stored())
    )
}

func event(_ number: Int = 1) -> SentryEvent {
    SentryEvent(
        id: .example(number),
        at: SleepingClock.start,
        platform: .other,
        level: .error,
        type: SymbolName(compiled: "CherryStore.StoreError") ?? .unknown,
        code: FailureCode(name: "diskFull"),
        mechanism: .request,
        identity: .example
    )
}

func transaction(_ number: Int = 1, spans count: Int = 0) -> SentryEnvelope {
    let transaction = SentryTransaction(
        root: .example(1, "turn"),
        spans: (0..<count).map { .example(UInt64(2 + $0), within: 1) }
    )
    return TransactionEncoder(identity: .example, routes: [], share: 1).envelope(transaction, id: .example(number))
}

func sessionUpdate(_ number: Int = 1) -> SentryEnvelope {
    var session = SentrySession(
        id: .example(number),
        started: SleepingClock.start,
        release: "cherry@0.1.0",
        environment: "production"
    )
    return SentryEnvelope(.session, session.begin(at: SleepingClock.start) ?? .null)
}
