import CherryCore
import NIOCore
import Synchronization

/// What happened so far, by the scripts' ids.
final class Ledger: Sendable {
    /// A connection that the client closed before its answer was complete.
    struct Closing: Sendable, Hashable {
        /// Milliseconds since the request had arrived.
        var afterMilliseconds: Double
        /// When, in milliseconds of the system's monotonic clock, which all processes share.
        var monotonicMilliseconds: Double
        var pieces: Int
    }

    struct Entry: Sendable {
        /// How many requests came; the next one is the attempt of this number.
        var requests = 0
        /// Exchanges that are under way.
        var open = 0
        /// Answers that were sent whole, refusals included.
        var finished = 0
        /// Refusals by their status.
        var refusals: [Int: Int] = [:]
        /// Connections that this service broke or closed, as a script told it to.
        var broken = 0
        var pieces = 0
        var bytes = 0
        var closings: [Closing] = []
        var lastTarget = ""
        var lastBody = ByteBuffer()
    }

    /// Closings that are kept one by one.
    private static let mostClosings = 10_000

    private let entries = Mutex<[String: Entry]>([:])

    /// Notes a request.
    ///
    /// - Returns: how many came before under this id.
    func begin(_ id: String, target: String, body: ByteBuffer) -> Int {
        self.entries.withLock { entries in
            var entry = entries.removeValue(forKey: id) ?? Entry()
            defer { entries[id] = entry }
            entry.requests += 1
            entry.open += 1
            entry.lastTarget = target
            entry.lastBody = body
            return entry.requests - 1
        }
    }

    /// Notes bytes and pieces that were sent in the meantime.
    func sent(_ id: String, pieces: Int, bytes: Int) {
        guard pieces > 0 || bytes > 0 else { return }
        self.entries.withLock {
            $0[id]?.pieces += pieces
            $0[id]?.bytes += bytes
        }
    }

    func finished(_ id: String, refusal: Int?) {
        self.entries.withLock {
            $0[id]?.open -= 1
            $0[id]?.finished += 1
            if let refusal { $0[id]?.refusals[refusal, default: 0] += 1 }
        }
    }

    func broke(_ id: String) {
        self.entries.withLock {
            $0[id]?.open -= 1
            $0[id]?.broken += 1
        }
    }

    func closedByClient(_ id: String, _ closing: Closing) {
        self.entries.withLock {
            $0[id]?.open -= 1
            if ($0[id]?.closings.count ?? 0) < Self.mostClosings { $0[id]?.closings.append(closing) }
        }
    }

    func forget() { self.entries.withLock { $0 = [:] } }

    /// The report on one id; an id that never came has a report of nothing.
    func report(_ id: String) -> JSONValue {
        let entry = self.entries.withLock { $0[id] } ?? Entry()
        return [
            "id": .string(id), "requests": .count(entry.requests), "open": .count(entry.open),
            "finished": .count(entry.finished), "broken": .count(entry.broken),
            "refusals": .object(
                JSONObject(entry.refusals.sorted { $0.key < $1.key }.map { ("\($0.key)", .count($0.value)) })
            ),
            "pieces": .count(entry.pieces), "bytes": .count(entry.bytes),
            "closedByClient": .array(
                entry.closings.map {
                    [
                        "afterMilliseconds": .number($0.afterMilliseconds),
                        "monotonicMilliseconds": .number($0.monotonicMilliseconds), "pieces": .count($0.pieces),
                    ]
                }
            ),
            "last": [
                "target": .string(entry.lastTarget), "body": .reading(String(buffer: entry.lastBody)),
            ],
        ]
    }

    /// The ids that came, and sums over all of them.
    func summary() -> JSONValue {
        let entries = self.entries.withLock { $0 }
        return [
            "ids": .array(entries.keys.sorted().map { .string($0) }),
            "requests": .count(entries.values.reduce(0) { $0 + $1.requests }),
            "open": .count(entries.values.reduce(0) { $0 + $1.open }),
            "closedByClient": .count(entries.values.reduce(0) { $0 + $1.closings.count }),
        ]
    }
}
