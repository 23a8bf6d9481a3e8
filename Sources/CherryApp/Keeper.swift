import CherryAPI
import CherryAssistant
import CherryCore
import CherryStore
import CherryVault
import Logging
import ServiceLifecycle
import Synchronization

/// Does what follows from the vault's state: wakes things up after an unlock, puts them to sleep at a lock, locks when
/// nobody is there, and carries rotations to their end.
final class Keeper: Service {
    struct Dependencies: Sendable {
        var vault: Vault
        var store: SealedStore
        var library: Library
        var assistant: Assistant
        var feed: GatewayFeed
        var usage: UsageBook
        var clock: WallClock
        var logger: Logger
        var reporter: any ErrorReporter
        /// Unlocks at start, if the user added a machine slot.
        var machineKey: MachineKeySource?
    }

    private enum Event: Sendable {
        case unlocked, rotate, tick
    }

    /// How long a deleted conversation can be restored.
    static let undoPeriod = Duration.seconds(600)
    /// How long browsers may be away before they must start over.
    static let tombstonePeriod = Duration.seconds(90 * 86_400)
    static let tickInterval = Duration.seconds(5)
    /// The preference that says after how many minutes the vault locks.
    static let idleKey = "lock.idleMinutes"
    static let defaultIdleMinutes: Int64 = 15
    /// Records sealed anew in one transaction during a rotation.
    static let rotationBatch = 200

    private let dependencies: Dependencies
    private let events = AsyncStream.makeStream(of: Event.self)
    private let integrityState = Mutex(SystemInformation.Integrity(state: .unchecked))

    init(_ dependencies: Dependencies) {
        self.dependencies = dependencies
    }

    /// What the last check of all records said.
    var integrity: SystemInformation.Integrity { self.integrityState.withLock { $0 } }

    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.followLocks() }
            group.addTask { await self.tick() }
            if let source = self.dependencies.machineKey { await self.unlock(with: source) }
            for await event in self.events.stream.cancelOnGracefulShutdown() {
                guard case .unlocked = self.dependencies.vault.state else { continue }
                switch event {
                case .unlocked:
                    group.addTask { await self.wakeUp() }
                    group.addTask { await self.rotateIfNeeded() }
                case .rotate: group.addTask { await self.rotateIfNeeded() }
                case .tick: await self.tidy()
                }
            }
            group.cancelAll()
        }
    }

    /// What must be done before the first request after an unlock; the rest follows in the background.
    func didUnlock() async {
        self.dependencies.reporter.note(.unlocked)
        await self.perform(.preparing) {
            try await self.seedPersonas()
            try await self.dependencies.assistant.recoverInterrupted()
            try await self.applyIdleLimit()
            if case .unlocked(let since) = self.dependencies.vault.state {
                try await self.dependencies.feed.load(unlock: since)
            }
        }
        self.events.continuation.yield(.unlocked)
    }

    /// Fills a new vault with the personas that every vault has.
    private func seedPersonas() async throws {
        let store = self.dependencies.store
        let personas = Persona.builtIn(at: self.dependencies.clock.now)
        guard try await store.get(Persona.self, personas[0].id) == nil else { return }
        var batch = SealedBatch()
        for persona in personas { try batch.put(persona, basedOn: 0) }
        try await store.commit(batch)
    }

    /// Starts or resumes sealing records anew.
    func rotate() {
        self.events.continuation.yield(.rotate)
    }

    /// Reads the idle limit from the preferences.
    private func applyIdleLimit() async throws {
        let preference = try await self.dependencies.store
            .get(Preference.self, Preference.id(for: Self.idleKey))
        var minutes = Self.defaultIdleMinutes
        if case .integer(let chosen) = preference?.value.value, (1...1440).contains(chosen) { minutes = chosen }
        self.dependencies.vault.idleLimit = .seconds(60 * minutes)
    }

    private func unlock(with source: MachineKeySource) async {
        do {
            try await self.dependencies.vault.unlockWithMachineKey(source)
            await self.didUnlock()
        } catch {
            self.dependencies.logger.notice(
                "The machine slot did not unlock the vault; it waits for the passphrase.",
                metadata: ["error.code": "\((error as? any CherryError)?.codeName ?? "internal")"]
            )
        }
    }

    private func followLocks() async {
        for await reason in self.dependencies.vault.lockEvents.cancelOnGracefulShutdown() {
            self.dependencies.assistant.abandonAll()
            self.dependencies.library.cool()
            self.integrityState.withLock { $0 = .init(state: .unchecked) }
            self.dependencies.reporter.note(.locked)
            self.dependencies.logger.info("The vault was locked.", metadata: ["lock.reason": "\(reason)"])
        }
    }

    private func tick() async {
        while !Task.isShuttingDownGracefully {
            if self.dependencies.assistant.activeCount > 0 { self.dependencies.vault.touch() }
            _ = self.dependencies.vault.lockIfIdle()
            self.events.continuation.yield(.tick)
            do {
                try await Task.sleep(for: Self.tickInterval)
            } catch {
                return
            }
        }
    }

    private func wakeUp() async {
        defer { ProcessMemory.giveBack() }
        await self.perform(.indexing) { try await self.dependencies.library.warmUp() }
        self.integrityState.withLock { $0 = .init(state: .checking) }
        do {
            _ = try await self.dependencies.store.verify()
            self.integrityState.withLock { $0 = .init(state: .sound) }
        } catch let error as any CherryError where error.isTampered {
            self.integrityState.withLock { $0 = .init(state: .tampered, detail: error.message) }
            self.dependencies.logger.critical(
                "Records are not those that were written; the status page names them.",
                metadata: ["error.code": "\(error.codeName)"]
            )
            self.dependencies.reporter.report(FailureReport(error, at: .work(.verifying)))
        } catch {
            self.integrityState.withLock { $0 = .init(state: .unchecked) }
        }
    }

    private func rotateIfNeeded() async {
        guard let rotation = self.dependencies.vault.status.rotation else { return }
        self.dependencies.reporter.note(.rotating)
        await self.perform(.resealing) {
            while try await self.dependencies.store.reseal(batchSize: Self.rotationBatch) > 0 {
                try Task.checkCancellation()
            }
            try self.dependencies.vault.finishRotation(retiring: rotation.retiring)
        }
    }

    private func tidy() async {
        let now = self.dependencies.clock.now
        await self.perform(.purging) {
            _ = try await self.dependencies.library.purgeDeleted(before: now - Self.undoPeriod)
            try await self.dependencies.store.purgeTombstones(before: now - Self.tombstonePeriod)
        }
    }

    /// Does work that may be cut short by a lock or a shutdown; any other failure is told without content.
    private func perform(_ work: BackgroundWork, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch is CancellationError {
            return
        } catch {
            let code = (error as? any CherryError)?.codeName ?? "internal"
            guard code != "sealed" else { return }
            self.dependencies.logger.error("Work failed.", metadata: ["kind": "\(work)", "error.code": "\(code)"])
            self.dependencies.reporter.report(FailureReport(error, at: .work(work)))
        }
    }
}
