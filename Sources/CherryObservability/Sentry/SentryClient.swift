public import CherryCore
public import CherryJournal
public import ServiceLifecycle
import Synchronization

/// Makes error reports and sessions of what happens in this process and hands them to the journal.
///
/// `report` and `note` only take something down; `run` looks up names, writes the reports and follows the run from its
/// beginning to its end.
public final class SentryClient: ErrorReporter, Service {
    /// Hands something to the journal.
    public typealias Append = @Sendable (JournalEntry) async throws -> Void

    private struct Pending: Sendable {
        let failure: FailureReport
        let at: Timestamp
        let stack: StackCapture?
        let breadcrumbs: [SentryBreadcrumb]
    }

    private struct State {
        var milestones = MilestoneRing(limit: SentryEvent.breadcrumbLimit)
        // A failure that repeats by the thousand must not become the load that it reports.
        var budget = TokenBucket(burst: SentryClient.burst, interval: .seconds(2))
    }

    /// Reports that wait for `run`; more are lost, and counted.
    static let queueLimit = 64
    /// Reports at once; afterwards one every two seconds.
    static let burst = 30

    private let identity: ServiceIdentity
    private let program: String
    private let files: RunFiles?
    private let append: Append
    private let lost: @Sendable (ClientReports.Reason, SentryCategory) -> Void
    private let wallClock: WallClock
    private let routes: Set<String>
    private let state = Mutex(State())
    private let queue: (stream: AsyncStream<Pending>, continuation: AsyncStream<Pending>.Continuation)

    /// - Parameters:
    ///   - program: the name of the program, whose frames are ours.
    ///   - routes: the templates of the server's routes; no other route is named.
    ///   - files: where a run tells the next one how it ended; without it nothing is said of sessions.
    ///   - lost: is told of every report that is not handed on, for the client reports: `SentryDestination.count`.
    public init(
        identity: ServiceIdentity,
        program: String = "cherry",
        files: RunFiles?,
        wallClock: WallClock = .system,
        routes: Set<String>,
        append: @escaping Append,
        lost: @escaping @Sendable (ClientReports.Reason, SentryCategory) -> Void
    ) {
        self.identity = identity
        self.program = program
        self.files = files
        self.wallClock = wallClock
        self.routes = routes
        self.append = append
        self.lost = lost
        self.queue = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.queueLimit))
    }

    public func note(_ milestone: Milestone) {
        let now = self.wallClock.now
        self.state.withLock { $0.milestones.append(milestone, at: now) }
    }

    public func report(_ failure: FailureReport) {
        let now = self.wallClock.now
        let (mayReport, milestones) = self.state.withLock { ($0.budget.take(at: now), $0.milestones) }
        guard mayReport else { return self.lost(.backpressure, .error) }
        let pending = Pending(
            failure: failure,
            at: now,
            stack: StackCapture(),
            breadcrumbs: milestones.all.map { at, milestone in
                SentryBreadcrumb(at: at, .init(milestone, routes: self.routes))
            }
        )
        if case .enqueued = self.queue.continuation.yield(pending) { return }
        self.lost(.queueOverflow, .error)
    }

    /// Tells of the run before, begins a session, writes reports as they come, and ends the session at shutdown.
    public func run() async {
        await self.tellOfPrevious()
        var session = SentrySession(
            id: .make(),
            started: self.wallClock.now,
            release: self.identity.release,
            environment: self.identity.environment
        )
        self.mark(session, isBegun: false)
        await self.put(session.begin(at: self.wallClock.now))
        self.mark(session)
        self.note(.started)
        for await pending in self.queue.stream.cancelOnGracefulShutdown() {
            await self.put(self.event(pending).envelope, .event, at: pending.at)
            let update = session.noteError(at: self.wallClock.now)
            self.mark(session)
            await self.put(update)
        }
        await self.put(session.end(.exited, at: self.wallClock.now))
        self.files?.clear()
    }

    private func event(_ pending: Pending) -> SentryEvent {
        let failure = pending.failure
        var event = SentryEvent(
            id: .make(),
            at: pending.at,
            platform: .other,
            level: .error,
            type: SymbolName(of: type(of: failure.error)),
            code: FailureCode(of: failure.error),
            mechanism: .work,
            identity: self.identity
        )
        switch failure.place {
        case .request(_, let route):
            event.mechanism = .request
            event.route = route.flatMap { self.routes.contains($0) ? RouteName(template: $0) : nil }
            event.status = failure.status ?? 500
        case .work(let work):
            event.work = work
        }
        event.frames = pending.stack?.frames(.own) ?? []
        event.breadcrumbs = pending.breadcrumbs
        if let trace = failure.trace, let traceID = HexID(trace.traceID), let spanID = HexID(trace.spanID) {
            event.trace = (traceID, spanID)
        }
        return event
    }

    /// A run that left its marker did not end by itself: with the runtime's words it crashed, without them it was killed.
    private func tellOfPrevious() async {
        guard let previous = self.files?.takePrevious() else { return }
        let now = self.wallClock.now
        let crash = previous.crash.flatMap { CrashLog($0, program: self.program) }
        var session = SentrySession(resuming: previous.marker)
        if let crash {
            var event = SentryEvent(
                id: .make(),
                at: now,
                platform: .other,
                level: .fatal,
                type: SymbolName(compiled: "Crash") ?? .unknown,
                code: FailureCode(name: "crashed"),
                mechanism: .crash,
                identity: self.identity
            )
            event.frames = crash.frames
            event.release = previous.marker.release
            await self.put(event.envelope, .event, at: now)
        }
        await self.put(session.end(crash == nil ? .abnormal : .crashed, at: now))
    }

    private func mark(_ session: SentrySession, isBegun: Bool = true) {
        let marker = RunMarker(
            sessionID: session.id,
            started: session.started,
            release: session.release,
            environment: session.environment,
            errors: session.errors,
            isBegun: isBegun
        )
        // Without a marker the next run only knows less of this one.
        try? self.files?.write(marker)
    }

    private func put(_ update: JSONValue?) async {
        guard let update, self.files != nil else { return }
        await self.put(SentryEnvelope(.session, update), .session, at: self.wallClock.now)
    }

    private func put(_ envelope: SentryEnvelope, _ kind: JournalKind, at time: Timestamp) async {
        do {
            try await self.append(JournalEntry(kind: kind, at: time, payload: envelope.stored()))
        } catch {
            self.lost(.queueOverflow, kind == .event ? .error : .session)
        }
    }
}

extension SentryBreadcrumb.Kind {
    /// What the server tells of itself, in the words of the closed sets.
    init(_ milestone: Milestone, routes: Set<String>) {
        self =
            switch milestone {
            case .started: .milestone(.started)
            case .unlocked: .milestone(.unlocked)
            case .locked: .milestone(.locked)
            case .rotating: .milestone(.rotating)
            case .stopping: .milestone(.stopping)
            case .answered(let method, let route, let status):
                .request(
                    method: HTTPMethodName(method),
                    route: RouteName(template: route.flatMap { routes.contains($0) ? $0 : nil }),
                    status: status
                )
            }
    }
}
