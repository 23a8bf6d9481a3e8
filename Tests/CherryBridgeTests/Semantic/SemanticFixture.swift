import CherryCore
import Synchronization
import Testing

@testable import CherryBridge

/// A semantic cache at a time of the test's.
final class SemanticFixture: Sendable {
    private final class Time: Sendable {
        let now = Mutex(Timestamp(utcDay: 20_781))
    }

    let cache: SemanticCache
    private let time = Time()

    init(_ change: (inout SemanticCache.Bounds) -> Void = { _ in }) {
        var bounds = SemanticCache.Bounds()
        change(&bounds)
        let time = self.time
        self.cache = SemanticCache(clock: WallClock { time.now.withLock { $0 } }, bounds: bounds)
        self.cache.open()
    }

    func advance(by duration: Duration) { self.time.now.withLock { $0 = $0 + duration } }

    func scope(_ token: RecordID, _ name: String = "s") throws -> SemanticCache.Scope {
        try #require(self.cache.scope(of: [Array(name.utf8)], for: token))
    }

    /// Keeps an answer for a minute.
    func keep(_ text: String, _ vector: [Float], in scope: SemanticCache.Scope, _ answer: String? = nil) {
        self.cache.keep(
            Array((answer ?? "answer to \(text)").utf8),
            to: .init(text: text, vector: QuestionVector.normalized(vector) ?? [], model: "m"),
            in: scope,
            for: .seconds(60)
        )
    }

    func ask(
        _ vector: [Float],
        in scope: SemanticCache.Scope,
        _ threshold: Double = 0.9,
        seconds: Int = 60
    ) -> (answer: String, similarity: Double)? {
        let found = self.cache.answer(
            to: QuestionVector.normalized(vector) ?? [],
            in: scope,
            threshold: threshold,
            lifetime: .seconds(seconds)
        )
        return found.map { (String(decoding: $0.answer, as: UTF8.self), $0.similarity) }
    }
}
