import CherryBridge
import CherryCore
import Testing

@Suite("The route of a request")
struct RouteStateMachineTests {
    private static let local = RouteTarget(
        model: ModelReference(providerID: ModelReference.localProvider, model: "here"),
        isLocal: true
    )

    private static func remote(_ name: String, weight: Int = 1) -> RouteTarget {
        RouteTarget(model: ModelReference(providerID: .make(), model: name), weight: weight, isLocal: false)
    }

    private static func error(_ code: BridgeError.Code, retryAfter: Duration? = nil) -> BridgeError {
        BridgeError(code, message: "\(code)", retryAfter: retryAfter)
    }

    /// One request whose attempts a test fails or lets begin.
    private struct Drive {
        var machine: RouteStateMachine
        var now = Duration.zero
        var closed: Set<String> = []
        var random = 0.0

        init(_ targets: [RouteTarget], _ policy: RoutePolicy = RoutePolicy(), draws: [Double] = []) {
            var draws = draws[...]
            self.machine = RouteStateMachine(targets: targets, policy: policy) { draws.popFirst() ?? 0 }
        }

        mutating func next() -> RouteStateMachine.Action {
            let closed = self.closed
            return self.machine.next(at: self.now, random: self.random) { !closed.contains($0.model.model) }
        }

        mutating func attempt() throws -> RouteStateMachine.Attempt {
            guard case .attempt(let attempt) = self.next() else {
                throw BridgeError(.garbled, message: "an attempt was expected")
            }
            return attempt
        }

        mutating func fail(
            _ attempt: RouteStateMachine.Attempt,
            _ code: BridgeError.Code,
            retryAfter: Duration? = nil
        ) throws {
            let error = RouteStateMachineTests.error(code, retryAfter: retryAfter)
            let isFree = try self.machine.failed(attempt, with: error, at: self.now).get()
            #expect(isFree)
        }

        mutating func pause() throws -> Duration {
            guard case .wait(let pause) = self.next() else {
                throw BridgeError(.garbled, message: "a pause was expected")
            }
            self.now += pause
            return pause
        }

        mutating func end() throws -> BridgeError {
            guard case .fail(let error) = self.next() else {
                throw BridgeError(.garbled, message: "an end was expected")
            }
            return error
        }
    }

    @Test("Targets are asked in order, without a pause between them")
    func order() throws {
        var drive = Drive([Self.remote("a"), Self.remote("b")], RoutePolicy(retries: 0))
        let first = try drive.attempt()
        #expect(first.target == 0 && first.number == 1 && !first.isContinuation)
        try drive.fail(first, .overloaded)
        let second = try drive.attempt()
        #expect(second.target == 1 && second.number == 2)
        try drive.fail(second, .timedOut)
        let made1 = try drive.end()
        #expect(made1.code == .timedOut)
    }

    @Test("When all have failed there is a pause that doubles, and they are asked again")
    func rounds() throws {
        let policy = RoutePolicy(retries: 3, firstDelay: .seconds(1), longestDelay: .seconds(3))
        var drive = Drive([Self.remote("a"), Self.remote("b")], policy)
        drive.random = 1
        for pause in [1, 2, 3] {
            for target in 0..<2 {
                let attempt = try drive.attempt()
                #expect(attempt.target == target)
                try drive.fail(attempt, .overloaded)
            }
            let made2 = try drive.pause()
            #expect(made2 == .seconds(pause))
        }
        for _ in 0..<2 { try drive.fail(try drive.attempt(), .unreachable) }
        let made3 = try drive.end()
        #expect(made3.code == .unreachable)
        #expect(drive.machine.attempts == 8)
    }

    @Test("Chance spreads a pause over its second half", arguments: [(0.0, 500), (0.5, 750), (1.0, 1000)])
    func jitter(random: Double, milliseconds: Int) throws {
        var drive = Drive([Self.remote("a")], RoutePolicy(retries: 1, firstDelay: .seconds(1)))
        drive.random = random
        try drive.fail(try drive.attempt(), .overloaded)
        let made4 = try drive.pause()
        #expect(made4 == .milliseconds(milliseconds))
    }

    @Test("A provider that asks for a pause gets it, while others are asked")
    func retryAfter() throws {
        let policy = RoutePolicy(retries: 2, firstDelay: .seconds(1))
        var drive = Drive([Self.remote("a"), Self.remote("b")], policy)
        try drive.fail(try drive.attempt(), .rateLimited, retryAfter: .seconds(5))
        try drive.fail(try drive.attempt(), .overloaded)
        let made5 = try drive.pause()
        #expect(made5 == .milliseconds(500))
        let second = try drive.attempt()
        #expect(second.target == 1, "the first still rests")
        try drive.fail(second, .rateLimited, retryAfter: .seconds(10))
        let made6 = try drive.pause()
        #expect(made6 == .milliseconds(4500), "until the first may be asked")
        let made7 = try drive.attempt()
        #expect(made7.target == 0)
    }

    @Test("A provider that asks for too long a pause is not waited for, and the client learns how long it is")
    func longRetryAfter() throws {
        let policy = RoutePolicy(retries: 5, longestRetryAfter: .seconds(20))
        var drive = Drive([Self.remote("a")], policy)
        try drive.fail(try drive.attempt(), .rateLimited, retryAfter: .seconds(21))
        let made8 = try drive.end()
        #expect(made8.retryAfter == .seconds(21))
    }

    @Test(
        "A target that cannot answer is left out; another one is asked",
        arguments: [.unauthorized, .unknownModel, .contextTooLong, .unsupported, .localModelMissing, .denied]
            as [BridgeError.Code]
    )
    func leftOut(code: BridgeError.Code) throws {
        var drive = Drive([Self.remote("a"), Self.remote("b")], RoutePolicy(retries: 1))
        try drive.fail(try drive.attempt(), code)
        for round in 0..<2 {
            let attempt = try drive.attempt()
            #expect(attempt.target == 1)
            try drive.fail(attempt, .overloaded)
            if round == 0 { _ = try drive.pause() }
        }
        let made9 = try drive.end()
        #expect(made9.code == .overloaded)
    }

    @Test("A request that a provider refuses is refused by all")
    func refused() throws {
        var drive = Drive([Self.remote("a"), Self.remote("b")])
        let attempt = try drive.attempt()
        #expect(throws: BridgeError.self) {
            try drive.machine.failed(attempt, with: Self.error(.refused), at: .zero).get()
        }
    }

    @Test("That a target cannot do it does not hide why another failed")
    func errors() throws {
        var drive = Drive([Self.remote("a"), Self.remote("b")], RoutePolicy(retries: 0))
        try drive.fail(try drive.attempt(), .overloaded)
        try drive.fail(try drive.attempt(), .unsupported)
        let made10 = try drive.end()
        #expect(made10.code == .overloaded)
    }

    @Test("A target that rests after failures is passed over; when all do, nobody waits")
    func breakers() throws {
        var drive = Drive([Self.remote("a"), Self.remote("b")])
        drive.closed = ["a"]
        let made11 = try drive.attempt()
        #expect(made11.target == 1)
        drive = Drive([Self.remote("a"), Self.remote("b")])
        drive.closed = ["a", "b"]
        let error = try drive.end()
        #expect(error.code == .overloaded)
        #expect(error.retryAfter != nil)
    }

    @Test("Weights decide how often a target comes first, and all of them follow")
    func weights() throws {
        let targets = [Self.remote("a", weight: 1), Self.remote("b", weight: 2), Self.remote("c", weight: 1)]
        for (draws, wanted) in [
            ([0.0, 0.0], [0, 1, 2]), ([0.24, 0.99], [0, 2, 1]), ([0.25, 0.0], [1, 0, 2]), ([0.74, 0.5], [1, 2, 0]),
            ([0.75, 0.34], [2, 1, 0]), ([0.99, 0.0], [2, 0, 1]),
        ] {
            var drive = Drive(targets, RoutePolicy(strategy: .weighted, retries: 0), draws: draws)
            var seen: [Int] = []
            for _ in 0..<3 {
                let attempt = try drive.attempt()
                seen.append(attempt.target)
                try drive.fail(attempt, .overloaded)
            }
            #expect(seen == wanted)
        }
    }

    @Test("What is to stay here never goes anywhere else, whatever fails")
    func staysLocal() throws {
        let policy = RoutePolicy(staysLocal: true, retries: 3)
        var drive = Drive([Self.remote("a"), Self.local, Self.remote("b")], policy)
        for round in 0..<4 {
            let attempt = try drive.attempt()
            #expect(attempt.target == 1)
            try drive.fail(attempt, .localModelFailed)
            if round < 3 { _ = try drive.pause() }
        }
        let made12 = try drive.end()
        #expect(made12.code == .localModelFailed)
    }

    @Test("What is to stay here and has nobody here is refused, and nobody is asked")
    func nothingLocal() throws {
        var drive = Drive([Self.remote("a")], RoutePolicy(staysLocal: true))
        let made13 = try drive.end()
        #expect(made13.code == .denied)
        #expect(drive.machine.attempts == 0)
    }

    @Test("An answer that broke off is an error, unless it may be continued")
    func brokenOff() throws {
        var drive = Drive([Self.remote("a"), Self.remote("b")])
        let attempt = try drive.attempt()
        drive.machine.began(attempt)
        #expect(throws: BridgeError.self) {
            try drive.machine.failed(attempt, with: Self.error(.cutOff), at: .zero).get()
        }
    }

    @Test("An answer that may be continued goes on with the next target, again and again")
    func continued() throws {
        let policy = RoutePolicy(continuesAfterFirstToken: true, retries: 1)
        var drive = Drive([Self.remote("a"), Self.remote("b")], policy)
        let first = try drive.attempt()
        drive.machine.began(first)
        try drive.fail(first, .cutOff)
        let second = try drive.attempt()
        #expect(second.target == 1 && second.isContinuation)
        drive.machine.began(second)
        try drive.fail(second, .timedOut)
        _ = try drive.pause()
        let third = try drive.attempt()
        #expect(third.target == 0 && third.isContinuation && third.number == 3)
    }

    @Test("What cannot be gone on with, such as half a call of a tool, is an error")
    func cannotContinue() throws {
        var drive = Drive([Self.remote("a"), Self.remote("b")], RoutePolicy(continuesAfterFirstToken: true))
        let attempt = try drive.attempt()
        drive.machine.began(attempt)
        #expect(throws: BridgeError.self) {
            try drive.machine.failed(attempt, with: Self.error(.cutOff), at: .zero, canContinue: false).get()
        }
    }

    @Test("A second target besides a silent one: either may fail, and the first token decides")
    func hedged() throws {
        var drive = Drive([Self.remote("a"), Self.remote("b")], RoutePolicy(hedgeAfter: .seconds(1)))
        let first = try drive.attempt()
        let second = try drive.attempt()
        #expect(second.target == 1)
        let isFree = try drive.machine.failed(first, with: Self.error(.overloaded), at: .zero).get()
        #expect(!isFree, "one is under way")
        try drive.fail(second, .overloaded)
        _ = try drive.pause()
        let third = try drive.attempt()
        let fourth = try drive.attempt()
        drive.machine.began(fourth)
        #expect(third.target == 0 && fourth.target == 1)
    }

    @Test("Nothing begins after the time for everything is over")
    func total() throws {
        var drive = Drive([Self.remote("a")], RoutePolicy(retries: 9, total: .seconds(2), firstDelay: .seconds(1)))
        drive.random = 1
        try drive.fail(try drive.attempt(), .overloaded)
        _ = try drive.pause()
        try drive.fail(try drive.attempt(), .unreachable)
        let made14 = try drive.end()
        #expect(made14.code == .unreachable)
        drive = Drive([Self.remote("a")], RoutePolicy(total: .seconds(2)))
        drive.now = .seconds(2)
        let made15 = try drive.end()
        #expect(made15.code == .timedOut)
    }
}
