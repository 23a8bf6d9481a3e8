import CherryBridge
import CherryCache
import CherryCore
import CherryStore
import Logging
import ServiceLifecycle
import Synchronization

/// The hub at work: hands events to `HubStateMachine` and does what it decides.
///
/// While `run` runs it follows the change feed, lets time pass and checks that tokens still hold; without it, messages
/// are still passed on, but nothing that takes time is done.
final class BridgeHub: Sendable {
    private struct State {
        var machine: HubStateMachine
        var links: [HubConnectionID: any HubLink] = [:]
    }

    /// What is to be done outside of the lock.
    private enum Step {
        case wake(any HubLink)
        case close(any HubLink, HubClosing)
        case work(Work)
    }

    private enum Work: Sendable {
        case read(HubFeedRead)
        case publish(HubBroadcast)
    }

    /// How often time passes.
    static let tick = Duration.seconds(1)
    /// After how many ticks the grants are checked.
    static let ticksPerCheck = 5
    /// The channel on which the processes of one hub speak with each other.
    static let channel = "hub"
    /// How many broadcasts of other processes may wait here.
    static let waitingBroadcasts = 1024

    let limits: HubLimits
    private let state: Mutex<State>
    private let feed: HubFeedReader
    private let topics: any Topics
    private let isValid: @Sendable (HubGrant) async -> Bool
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Duration
    private let logger: Logger
    /// Names this process among those of one hub.
    private let name = RecordID.make().description
    /// Bounded by what the state machine allows to be under way.
    private let work = AsyncStream.makeStream(of: Work.self)

    /// Creates a hub without connections.
    ///
    /// - Parameter isValid: whether a grant still holds.
    init(
        limits: HubLimits,
        feed: HubFeedReader,
        topics: any Topics,
        clock: any Clock<Duration>,
        logger: Logger,
        isValid: @escaping @Sendable (HubGrant) async -> Bool
    ) {
        self.limits = limits
        self.state = Mutex(State(machine: HubStateMachine(limits: limits)))
        self.feed = feed
        self.topics = topics
        self.isValid = isValid
        self.clock = clock
        self.now = Self.stopwatch(clock)
        self.logger = logger
    }

    /// How many connections there are.
    var connectionCount: Int { self.state.withLock { $0.machine.connectionCount } }

    /// Whether a connection has its place still.
    func isOpen(_ id: HubConnectionID) -> Bool { self.state.withLock { $0.machine.contains(id) } }

    /// Gives a connection its place. It has to be given back.
    ///
    /// - Throws: `HubProblem` with code `tooMany`, or the store's error.
    func admit(_ grant: HubGrant) async throws -> HubPlace {
        let position = try await self.feed.position()
        self.decide { machine, _ in machine.feedReached(position) }
        let id = try self.state.withLock { try $0.machine.admit(grant, at: self.now()) }
        return HubPlace(hub: self, id: id)
    }

    func connect(_ id: HubConnectionID, _ link: any HubLink) {
        let isKnown = self.state.withLock { state in
            guard state.machine.contains(id) else { return false }
            state.links[id] = link
            return true
        }
        // Whatever ended its place while it was connecting: a lock, as a rule.
        isKnown ? link.wake() : link.close(.sealed)
    }

    func receive(_ bytes: some Collection<UInt8>, from id: HubConnectionID) {
        self.decide { $0.receive(bytes, from: id, at: $1) }
    }

    func take(_ id: HubConnectionID) -> [UInt8]? {
        var bytes: [UInt8]?
        self.decide { machine, now in
            let taken = machine.take(id, at: now)
            bytes = taken.bytes
            return taken.actions
        }
        return bytes
    }

    func leave(_ id: HubConnectionID) {
        self.decide { $0.leave(id, at: $1) }
        self.state.withLock { _ = $0.links.removeValue(forKey: id) }
    }

    /// Closes all connections and forgets what tools told each other.
    func closeAll(_ closing: HubClosing) { self.decide { machine, _ in machine.reset(as: closing) } }

    /// Works until the server shuts down, then says goodbye to everybody.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.followFeed() }
            group.addTask { await self.letTimePass() }
            group.addTask { await self.listen() }
            for await work in self.work.stream.cancelOnGracefulShutdown() {
                group.addTask { await self.perform(work) }
            }
            group.cancelAll()
        }
        self.closeAll(.goingAway)
    }

    // MARK: Within

    private func followFeed() async {
        for await position in self.feed.positions.cancelOnGracefulShutdown() {
            self.decide { machine, _ in machine.feedReached(position) }
        }
    }

    private func letTimePass() async {
        var ticks = 0
        while !Task.isCancelled {
            do {
                try await self.clock.sleep(for: Self.tick)
            } catch {
                return  // cancelled: the server shuts down
            }
            self.decide { $0.advance(to: $1) }
            ticks += 1
            if ticks % Self.ticksPerCheck == 0 { await self.checkGrants() }
        }
    }

    private func checkGrants() async {
        for grant in self.state.withLock({ $0.machine.grants }) where await !self.isValid(grant) {
            self.decide { machine, now in machine.close(as: .revoked, at: now) { $0.id == grant.id } }
        }
    }

    private func listen() async {
        do {
            let subscription = try await self.topics.subscribe(
                to: [Self.channel],
                limit: Self.waitingBroadcasts,
                overflow: .dropOldest
            )
            var missed = 0
            for await message in subscription.cancelOnGracefulShutdown() {
                if subscription.missed > missed {
                    missed = subscription.missed
                    self.decide { $0.missedBroadcasts(at: $1) }
                }
                guard let broadcast = HubBroadcast(bytes: message.payload, notFrom: self.name) else { continue }
                self.decide { $0.receive(broadcast, at: $1) }
            }
        } catch {
            self.logger.error("The hub cannot hear other processes.")
        }
    }

    private func perform(_ work: Work) async {
        switch work {
        case .read(let read):
            do {
                let page = try await self.feed.page(read)
                self.decide { $0.feedRead(page, for: read.connection, at: $1) }
            } catch {
                self.decide { $0.feedFailed(for: read.connection, at: $1) }
            }
        case .publish(let broadcast):
            do {
                try await self.topics.publish(broadcast.bytes(from: self.name), to: Self.channel)
            } catch {
                self.logger.warning("A broadcast did not reach the other processes of the hub.")
            }
            self.state.withLock { $0.machine.published() }
        }
    }

    /// Decides under the lock, acts outside of it.
    private func decide(_ event: (inout HubStateMachine, Duration) -> [HubAction]) {
        let steps = self.state.withLock { state in
            event(&state.machine, self.now()).compactMap { Self.step($0, &state) }
        }
        for step in steps {
            switch step {
            case .wake(let link): link.wake()
            case .close(let link, let closing): link.close(closing)
            case .work(let work): self.work.continuation.yield(work)
            }
        }
    }

    private static func step(_ action: HubAction, _ state: inout State) -> Step? {
        switch action {
        case .wake(let id): state.links[id].map { .wake($0) }
        case .close(let id, let closing): state.links.removeValue(forKey: id).map { .close($0, closing) }
        case .readFeed(let read): .work(.read(read))
        case .publish(let broadcast): .work(.publish(broadcast))
        }
    }

    /// Measures from now on.
    private static func stopwatch<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
