public import CherryCache
public import Testing

/// The law for every `Topics`: an engine is one when it passes each of `checks`.
public enum TopicsContract {
    /// Opens topics without listeners.
    public typealias Open = @Sendable () async throws -> any Topics

    /// One clause of it.
    public struct Check: Sendable, CustomTestStringConvertible {
        /// The behaviour in words.
        public let name: String
        private let body: @Sendable (_ open: Open) async throws -> Void

        init(_ name: String, _ body: @escaping @Sendable (_ open: Open) async throws -> Void) {
            self.name = name
            self.body = body
        }

        public var testDescription: String { self.name }

        /// Runs the clause.
        public func run(against open: @escaping Open) async throws { try await self.body(open) }
    }

    private static func numbers(_ messages: [TopicMessage]) -> [UInt8] { messages.map { $0.payload[0] } }

    private static func take(_ count: Int, from subscription: TopicSubscription) async -> [UInt8] {
        var messages: [TopicMessage] = []
        var iterator = subscription.makeAsyncIterator()
        while messages.count < count, let message = await iterator.next() { messages.append(message) }
        return Self.numbers(messages)
    }

    /// All clauses.
    public static let checks: [Check] = [
        Check("every listener gets every message of its topics, in order, and no other") { open in
            let topics = try await open()
            let one = try await topics.subscribe(to: ["a"], limit: 100, overflow: .dropOldest)
            let both = try await topics.subscribe(to: ["a", "b"], limit: 100, overflow: .dropOldest)
            for number in UInt8(0)..<10 {
                try await topics.publish([number], to: number % 2 == 0 ? "a" : "b")
                try await topics.publish([99], to: "c")
            }
            #expect(await Self.take(5, from: one) == [0, 2, 4, 6, 8])
            #expect(await Self.take(10, from: both) == Array(0..<10))
        },
        Check("what was published before is not heard") { open in
            let topics = try await open()
            try await topics.publish([1], to: "a")
            let listener = try await topics.subscribe(to: ["a"], limit: 10, overflow: .dropOldest)
            try await topics.publish([2], to: "a")
            #expect(await Self.take(1, from: listener) == [2])
        },
        Check("a slow listener loses the oldest messages, and learns how many; others lose none") { open in
            let topics = try await open()
            let slow = try await topics.subscribe(to: ["a"], limit: 3, overflow: .dropOldest)
            let roomy = try await topics.subscribe(to: ["a"], limit: 10, overflow: .dropOldest)
            for number in UInt8(0)..<10 { try await topics.publish([number], to: "a") }
            #expect(await Self.take(10, from: roomy) == Array(0..<10))
            #expect(await Self.take(3, from: slow) == [7, 8, 9])
            #expect(slow.missed == 7)
            #expect(roomy.missed == 0)
        },
        Check("a listener that must not miss anything is ended at the first message without room") { open in
            let topics = try await open()
            let strict = try await topics.subscribe(to: ["a"], limit: 2, overflow: .end)
            let other = try await topics.subscribe(to: ["a"], limit: 10, overflow: .dropOldest)
            for number in UInt8(0)..<4 { try await topics.publish([number], to: "a") }
            #expect(await Self.take(4, from: other) == [0, 1, 2, 3])
            #expect(await Self.take(100, from: strict) == [0, 1])
            #expect(strict.missed > 0)
        },
        Check("a subscription that was ended gives what waits and then ends") { open in
            let topics = try await open()
            let listener = try await topics.subscribe(to: ["a"], limit: 10, overflow: .dropOldest)
            let other = try await topics.subscribe(to: ["a"], limit: 10, overflow: .dropOldest)
            try await topics.publish([1], to: "a")
            #expect(await Self.take(1, from: other) == [1])
            listener.end()
            try await topics.publish([2], to: "a")
            #expect(await Self.take(1, from: other) == [2])
            #expect(await Self.take(100, from: listener) == [1])
        },
        Check("a listener whose task is cancelled stops waiting") { open in
            let topics = try await open()
            let listener = try await topics.subscribe(to: ["a"], limit: 10, overflow: .dropOldest)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { #expect(await Self.take(1, from: listener).isEmpty) }
                group.cancelAll()
            }
        },
    ]
}
