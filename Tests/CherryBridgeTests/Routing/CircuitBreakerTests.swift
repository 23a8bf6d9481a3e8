import CherryBridge
import Testing

@Suite("The circuit breaker")
struct CircuitBreakerTests {
    private var breaker = CircuitBreaker(
        policy: .init(failures: 3, rest: .seconds(10), longestRest: .seconds(30))
    )

    @Test("It opens after failures in a row, and not before")
    mutating func opens() {
        for _ in 0..<2 {
            let result1 = self.breaker.admits(at: .zero)
            #expect(result1)
            self.breaker.failed(with: .overloaded, at: .zero)
        }
        #expect(self.breaker.state == .closed)
        self.breaker.succeeded()
        for _ in 0..<2 { self.breaker.failed(with: .cutOff, at: .zero) }
        #expect(self.breaker.state == .closed)
        self.breaker.failed(with: .unreachable, at: .seconds(1))
        #expect(self.breaker.state == .open(until: .seconds(11)))
        let result2 = self.breaker.admits(at: .seconds(10))
        #expect(!result2)
    }

    @Test(
        "What the caller did wrong never opens it",
        arguments: [
            .refused, .unauthorized, .rateLimited, .unknownModel, .contextTooLong, .unsupported, .invalid, .denied,
        ] as [BridgeError.Code]
    )
    func callersFaults(code: BridgeError.Code) {
        var breaker = self.breaker
        for _ in 0..<100 { breaker.failed(with: code, at: .zero) }
        #expect(breaker.state == .closed)
    }

    @Test(
        "What the provider did wrong does",
        arguments: [.unreachable, .timedOut, .overloaded, .garbled, .cutOff, .localModelFailed] as [BridgeError.Code]
    )
    func providersFaults(code: BridgeError.Code) {
        var breaker = self.breaker
        for _ in 0..<3 { breaker.failed(with: code, at: .zero) }
        #expect(breaker.state == .open(until: .seconds(10)))
    }

    @Test("After its rest one request is let through, and its success closes it")
    mutating func recovers() {
        for _ in 0..<3 { self.breaker.failed(with: .overloaded, at: .zero) }
        let result3 = self.breaker.admits(at: .seconds(10))
        #expect(result3)
        #expect(self.breaker.state == .halfOpen)
        let result4 = self.breaker.admits(at: .seconds(10))
        #expect(!result4)
        self.breaker.succeeded()
        #expect(self.breaker.state == .closed)
        self.breaker.failed(with: .overloaded, at: .seconds(11))
        #expect(self.breaker.state == .closed)
    }

    @Test("Each further failure doubles its rest, up to a bound")
    mutating func rests() {
        for _ in 0..<3 { self.breaker.failed(with: .overloaded, at: .zero) }
        var now = Duration.seconds(10)
        for rest in [20, 30, 30] {
            let result5 = self.breaker.admits(at: now)
            #expect(result5)
            self.breaker.failed(with: .timedOut, at: now)
            now += .seconds(rest)
            #expect(self.breaker.state == .open(until: now))
        }
    }

    @Test("A trial that was given up, or that was refused, leaves room for the next")
    mutating func abandoned() {
        for _ in 0..<3 { self.breaker.failed(with: .overloaded, at: .zero) }
        let result6 = self.breaker.admits(at: .seconds(10))
        #expect(result6)
        self.breaker.abandoned()
        let result7 = self.breaker.admits(at: .seconds(10))
        #expect(result7)
        self.breaker.failed(with: .refused, at: .seconds(10))
        let result8 = self.breaker.admits(at: .seconds(10))
        #expect(result8)
    }
}
