public import CherryCore
public import CherryJournal
public import CherryNet
public import Logging
public import ServiceLifecycle
import Synchronization

/// Brings what the program notices to where the user wants it, through the journal, and says what came of that.
///
/// Nothing is kept or sent until a target is set. Targets can be set, changed and taken away while it runs.
public final class Telemetry: Service {
    /// What telemetry is made of.
    public struct Dependencies: Sendable {
        /// Opens the journal, or begins one. Asked when something is to be sent for the first time.
        public var openJournal: @Sendable () async throws -> Journal
        /// Whether there is a journal of an earlier time, which may still hold something.
        public var hasJournal: @Sendable () -> Bool
        public var file: TelemetryFile
        public var recorder: LogRecorder
        public var tracer: ProcessTracer
        public var transport: HTTPTransport
        /// What all destinations are told of the program; its environment and instance are those of the settings.
        public var identity: ServiceIdentity
        /// Where it is noted that a run is under way, so that the next one can tell of a crash.
        public var runFiles: RunFiles
        public var clock: WallClock
        public var logger: Logger

        /// Lists what telemetry is made of.
        public init(
            openJournal: @escaping @Sendable () async throws -> Journal,
            hasJournal: @escaping @Sendable () -> Bool = { false },
            file: TelemetryFile,
            recorder: LogRecorder,
            tracer: ProcessTracer,
            transport: HTTPTransport,
            identity: ServiceIdentity,
            runFiles: RunFiles,
            clock: WallClock = .system,
            logger: Logger
        ) {
            self.openJournal = openJournal
            self.hasJournal = hasJournal
            self.file = file
            self.recorder = recorder
            self.tracer = tracer
            self.transport = transport
            self.identity = identity
            self.runFiles = runFiles
            self.clock = clock
            self.logger = logger
        }
    }

    private struct State {
        var settings: TelemetrySettings
        /// Those that deliveries go to now, and what they were made of.
        var destinations: [TelemetryKind: WatchedDestination] = [:]
        var targets: [TelemetryKind: TelemetryTarget] = [:]
        var browser: BrowserTelemetry?
        var journal: Journal?
        var problem: (any CherryError)?
        var routes: Set<String> = []
    }

    /// Where failures that nobody expected are told.
    public let reporter = SwitchedReporter()
    let dependencies: Dependencies
    private let state: Mutex<State>
    private let changes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Reads the settings; nothing is sent before `run`.
    ///
    /// - Throws: `TelemetryError` with code `.unreadable`.
    public init(_ dependencies: Dependencies) throws {
        self.dependencies = dependencies
        let instance = String(UInt32.random(in: .min ... .max), radix: 16)
        self.state = Mutex(State(settings: try dependencies.file.read() ?? TelemetrySettings(instance: instance)))
    }

    // MARK: Settings

    /// Where telemetry goes.
    public var settings: TelemetrySettings { self.state.withLock { $0.settings } }

    /// What takes the reports of pages; `nil` while they are not wanted.
    public var browser: BrowserTelemetry? { self.state.withLock { $0.browser } }

    /// Tells which routes reports may name, by their templates. To be called before `run`.
    public func allow(routes: Set<String>) { self.state.withLock { $0.routes = routes } }

    /// The name of the release and of the installation, as all destinations see them.
    public var identity: ServiceIdentity {
        var identity = self.dependencies.identity
        let settings = self.settings
        identity.environment = settings.environment
        identity.instance = settings.instance
        return identity
    }

    /// Sets where telemetry goes, now and after every restart.
    ///
    /// - Throws: what the file system says, and then nothing has changed.
    public func set(_ settings: TelemetrySettings) throws {
        try self.state.withLock { state in
            guard settings != state.settings else { return }
            try self.dependencies.file.write(settings)
            state.settings = settings
        }
        self.changes.continuation.yield()
    }

    // MARK: What came of it

    /// How the destination of a kind does; `nil` while there is none.
    public func health(of kind: TelemetryKind) -> DestinationHealth? {
        self.state.withLock { $0.destinations[kind]?.health }
    }

    /// What became of everything, for each destination there is or was.
    public func ledger() async -> [JournalLedger] { await self.state.withLock { $0.journal }?.ledger() ?? [] }

    /// The journal while it is open; `nil` when nothing was ever to be sent.
    ///
    /// - Throws: why it cannot be opened, or `TelemetryError` with code `.unavailable` while that is not known yet.
    public var journal: Journal? {
        get throws {
            let (journal, problem) = self.state.withLock { ($0.journal, $0.problem) }
            if let journal { return journal }
            if let problem { throw problem }
            guard self.needsJournal else { return nil }
            throw TelemetryError(.unavailable, "The journal is being opened.", hint: "Try again in a moment.")
        }
    }

    private var needsJournal: Bool { !self.settings.targets.isEmpty || self.dependencies.hasJournal() }

    /// Why nothing is kept or sent although there are targets; `nil` when nothing is wrong.
    public var problem: (any CherryError)? { self.state.withLock { $0.problem } }

    /// Sends one event past the journal and says what came of it.
    ///
    /// - Returns: `nil` when there is no such target.
    public func test(_ kind: TelemetryKind) async -> DeliveryOutcome? {
        guard let destination = self.destination(of: kind) else { return nil }
        let entry = TelemetryProbe(identity: self.identity).entry(for: kind, at: self.dependencies.clock.now)
        let record = JournalRecord(number: .random(in: .min ... .max), entry: entry)
        return await destination.deliver([record]).outcomes.first
    }

    /// What a target is now; just after a change, deliveries may not have begun again with it.
    private func destination(of kind: TelemetryKind) -> (any JournalDestination)? {
        let (target, watched) = self.state.withLock { state in
            let target = state.settings.targets[kind]
            return (target, state.targets[kind] == target ? state.destinations[kind] : nil)
        }
        // What was checked when it was set makes a destination.
        return watched ?? (try? target?.destination(identity: self.identity, transport: self.dependencies.transport))
    }

    // MARK: Running

    /// Delivers until shutdown. What has not been sent by then waits in the journal.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var changes = self.changes.stream.makeAsyncIterator()
            while !Task.isCancelled {
                let journal = await self.openedJournal()
                await withDiscardingTaskGroup { group in
                    if let journal { self.begin(journal, in: &group) }
                    await changes.next(isolation: nil)
                    group.cancelAll()
                }
            }
        }
        self.dependencies.recorder.stopForwarding()
        self.dependencies.tracer.trace(keeping: nil) { _ in }
        try await self.state.withLock { $0.journal.take() }?.close()
    }

    /// The journal, opened at the first need. Without any target, now or before, there is none.
    private func openedJournal() async -> Journal? {
        if let journal = self.state.withLock({ $0.journal }) { return journal }
        guard self.needsJournal else { return nil }
        do {
            let journal = try await self.dependencies.openJournal()
            self.state.withLock { state in
                state.journal = journal
                state.problem = nil
            }
            return journal
        } catch {
            let known =
                error as? any CherryError
                ?? TelemetryError(.unavailable, "The journal cannot be opened.", hint: "See the server's log.")
            self.state.withLock { $0.problem = known }
            self.dependencies.logger.error(
                "The journal cannot be opened; nothing is sent.",
                metadata: ["error.code": "\(known.codeName)"]
            )
            return nil
        }
    }

    private func begin(_ journal: Journal, in group: inout DiscardingTaskGroup) {
        let (settings, identity) = (self.settings, self.identity)
        let destinations = settings.targets.compactMapValues { target in
            // What was checked when it was set makes a destination.
            try? target.destination(identity: identity, transport: self.dependencies.transport)
        }
        let watched = destinations.mapValues { WatchedDestination($0, clock: self.dependencies.clock) }
        let sentry = destinations[.sentry] as? SentryDestination
        let take = self.spanSink(settings, identity, sentry, journal)
        self.dependencies.tracer.trace(keeping: settings.traceShare, take)
        self.state.withLock { state in
            state.destinations = watched
            state.targets = settings.targets
            state.browser = sentry.flatMap { self.pages(settings, identity, $0, journal, state.routes) }
        }
        let client = sentry.map { self.client(identity, $0, journal, self.state.withLock(\.routes)) }
        self.reporter.pass(to: client)
        if watched.values.contains(where: { !$0.kinds.isDisjoint(with: [.log, .debugLog]) }) {
            self.dependencies.recorder.forward { journal.enqueue($0) }
        } else {
            self.dependencies.recorder.stopForwarding()
        }
        group.addTask { await self.deliver(Array(watched.values), from: journal) }
        if let client { group.addTask { await client.run() } }
    }

    /// Hands each span to those whose part of traces it is in.
    private func spanSink(
        _ settings: TelemetrySettings,
        _ identity: ServiceIdentity,
        _ sentry: SentryDestination?,
        _ journal: Journal
    ) -> @Sendable (SpanRecord) -> Void {
        let collected = settings.traceShare(of: .otlp).map { TraceShare($0) }
        let routes = self.state.withLock(\.routes)
        let transactions = sentry.flatMap { sentry in
            settings.traceShare(of: .sentry).map { share in
                TransactionRecorder(
                    encoder: TransactionEncoder(identity: identity, routes: routes, share: share),
                    append: { journal.enqueue($0) },
                    lost: { sentry.count(.queueOverflow, .span, $0) }
                )
            }
        }
        return { span in
            if collected?.contains(span.context.trace) == true {
                let at = Timestamp(milliseconds: Int64(clamping: span.end / 1_000_000))
                journal.enqueue(JournalEntry(kind: .span, at: at, payload: span.payload))
            }
            transactions?.take(span)
        }
    }

    private func deliver(_ destinations: [WatchedDestination], from journal: Journal) async {
        do {
            try await JournalDelivery(journal, to: destinations).run()
        } catch {
            self.dependencies.logger.error(
                "Telemetry is not delivered.",
                metadata: ["error.code": "\((error as? any CherryError)?.codeName ?? "internal")"]
            )
        }
    }

    private func client(
        _ identity: ServiceIdentity,
        _ destination: SentryDestination,
        _ journal: Journal,
        _ routes: Set<String>
    ) -> SentryClient {
        SentryClient(
            identity: identity,
            program: identity.service,
            files: self.dependencies.runFiles,
            wallClock: self.dependencies.clock,
            routes: routes,
            append: { try await journal.append([$0]) },
            lost: { destination.count($0, $1) }
        )
    }

    private func pages(
        _ settings: TelemetrySettings,
        _ identity: ServiceIdentity,
        _ destination: SentryDestination,
        _ journal: Journal,
        _ routes: Set<String>
    ) -> BrowserTelemetry? {
        guard settings.reportsPages, let dsn = settings.targets[.sentry]?.dsn else { return nil }
        return BrowserTelemetry(
            dsn: dsn,
            identity: identity,
            routes: routes,
            destination: destination,
            wallClock: self.dependencies.clock,
            append: { try await journal.append([$0]) }
        )
    }
}
