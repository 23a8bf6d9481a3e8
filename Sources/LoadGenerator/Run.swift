import NIOCore
import NIOPosix

/// One job under way. Everything happens on one event loop.
final class Run {
    private enum Phase { case warmingUp, measuring, ended }

    let job: Job
    let request: ByteBuffer
    private let loop: any EventLoop
    private let done: EventLoopPromise<Void>
    private var phase = Phase.warmingUp
    private var measuredFrom = NIODeadline.now()
    private var measuredTo = NIODeadline.now()
    private var connections: [ObjectIdentifier: any Channel] = [:]
    private var opening = 0
    private var unopened: Int
    private(set) var tally = Tally()

    /// Connections that are made at the same time.
    private static let mostOpening = 128
    private static let mostErrors = 10_000

    init(_ job: Job, on loop: any EventLoop) {
        self.job = job
        self.loop = loop
        self.done = loop.makePromise()
        self.request = ByteBuffer(bytes: job.request)
        self.unopened = job.concurrency
    }

    /// Begins. Fulfilled when the run is over and its connections are closed.
    func start() -> EventLoopFuture<Void> {
        self.openMore()
        if self.job.mode == .loop {
            self.after(self.job.warmup) { $0.measure() }
        } else {
            self.phase = .measuring
            self.measuredFrom = .now()
        }
        return self.done.futureResult
    }

    /// How long was measured, in seconds.
    var seconds: Double { Double((self.measuredTo - self.measuredFrom).nanoseconds) / 1e9 }

    private func measure() {
        guard self.phase == .warmingUp else { return }
        self.phase = .measuring
        self.tally = Tally()
        self.measuredFrom = .now()
        self.after(self.job.seconds) { $0.end() }
    }

    private func end() {
        guard self.phase != .ended else { return }
        self.phase = .ended
        self.measuredTo = .now()
        self.unopened = 0
        for channel in self.connections.values { channel.close(promise: nil) }
        self.finishIfAllClosed()
    }

    private func finishIfAllClosed() {
        if self.phase == .ended, self.connections.isEmpty, self.opening == 0 { self.done.succeed() }
    }

    private func after(_ seconds: Double, _ action: @escaping @Sendable (Run) -> Void) {
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.loop.scheduleTask(in: .nanoseconds(Int64(seconds * 1e9))) { action(bound.value) }
    }

    // MARK: Connections

    private func openMore() {
        while self.unopened > 0, self.opening < Self.mostOpening, self.phase != .ended {
            self.unopened -= 1
            self.opening += 1
            self.open()
        }
    }

    private func open() {
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        ClientBootstrap(group: self.loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(bound.value))
                }
            }
            .connect(host: "127.0.0.1", port: self.job.port)
            .whenComplete { result in
                let run = bound.value
                run.opening -= 1
                if case .failure = result {
                    run.failed("connect")
                    run.reopen()
                }
                run.openMore()
                run.finishIfAllClosed()
            }
    }

    private func reopen() {
        guard self.phase != .ended, self.job.mode == .loop else { return }
        self.unopened += 1
        self.after(0.01) { $0.openMore() }
    }

    func opened(_ channel: any Channel) {
        self.connections[ObjectIdentifier(channel)] = channel
        if self.phase == .ended { channel.close(promise: nil) }
    }

    func closed(_ channel: any Channel, wasAnswering: Bool) {
        self.connections[ObjectIdentifier(channel)] = nil
        if wasAnswering, self.phase != .ended { self.failed("closed") }
        self.reopen()
        self.finishIfAllClosed()
    }

    // MARK: Answers

    /// Notes the beginning of an answer's body.
    func began(after nanoseconds: Int64) {
        guard self.phase != .ended else { return }
        self.tally.firstByte.record(Int(nanoseconds / 100))
        guard self.job.mode == .hold else { return }
        self.tally.held += 1
        if self.tally.held == self.job.concurrency { self.hold() }
    }

    /// Notes what came of an answer, whole or not.
    func received(events: Int, bytes: Int) {
        guard self.phase != .ended else { return }
        self.tally.events += events
        self.tally.bytes += bytes
    }

    /// Notes a whole answer.
    ///
    /// - Returns: whether another request is wanted.
    func finished(_ answer: ResponseReader.Answer, after nanoseconds: Int64) -> Bool {
        guard self.phase != .ended else { return false }
        guard answer.status == 200 else {
            self.failed("status \(answer.status)")
            return self.phase != .ended
        }
        self.tally.answers += 1
        self.tally.latency.record(Int(nanoseconds / 100))
        if let count = self.job.count, self.phase == .measuring, self.tally.answers >= count { self.end() }
        return self.phase != .ended
    }

    func failed(_ why: String) {
        self.tally.errors[why, default: 0] += 1
        if self.tally.errors.values.reduce(0, +) >= Self.mostErrors { self.end() }
    }

    /// All answers are open: after the time to hold, those that still are count.
    private func hold() {
        self.after(self.job.seconds) { run in
            run.tally.held = run.connections.count
            run.end()
        }
    }

    /// Ends a run that does not come to hold all that it wants.
    func giveUp(after seconds: Double) {
        self.after(seconds) { run in
            guard run.phase != .ended, run.tally.held < run.job.concurrency else { return }
            run.tally.held = min(run.tally.held, run.connections.count)
            run.end()
        }
    }
}
