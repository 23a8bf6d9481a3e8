import CherryCore
import CherryStore
import CherryVault
import Foundation
import Synchronization

/// The sessions of an unlocked vault: stored as sealed `Device` records, looked up in memory.
///
/// Memory is filled from the store at the first use after each unlock and emptied by each lock.
final class SessionRegistry: Sendable {
    private struct Entry {
        var device: Device
        var lastSeenAt: Timestamp
        /// When `lastSeenAt` was last written.
        var savedAt: Timestamp
    }

    private struct State {
        /// The unlock that memory was filled for.
        var loadedFor: Timestamp?
        /// By the token's digest.
        var entries: [String: Entry] = [:]
        /// Whether the vault was locked since this process began: sessions from before have ended then.
        var sawLock = false
    }

    private let vault: Vault
    private let store: SealedStore
    private let clock: WallClock
    private let times: APIConfiguration.SessionTimes
    private let limit: Int
    private let loading = SerialLane(limit: 1024)
    private let state = Mutex(State())

    /// How often the time of last use is written.
    private static let saveInterval: Duration = .seconds(60)

    /// Creates an empty registry.
    init(
        vault: Vault,
        store: SealedStore,
        clock: WallClock,
        times: APIConfiguration.SessionTimes,
        limit: Int
    ) {
        self.vault = vault
        self.store = store
        self.clock = clock
        self.times = times
        self.limit = limit
    }

    /// Begins a session and returns the token that its cookie carries; the token is kept nowhere else.
    ///
    /// A full disk does not keep the user out: the session then lives until the next lock or restart.
    func begin(name: String) async throws -> (token: Secret<String>, session: Session) {
        try await self.fill()
        try await self.makeRoom()
        let token = SessionCookie.makeToken()
        let now = self.clock.now
        let device = Device(
            id: .make(at: now),
            name: name,
            tokenDigest: SessionCookie.digest(of: token),
            createdAt: now,
            expiresAt: now + self.times.absolute
        )
        do {
            try await self.store.put(device, basedOn: 0)
        } catch let error as StoreError where error.code == .diskFull {
            // Kept in memory alone, as said above.
        }
        self.state.withLock {
            $0.entries[device.tokenDigest] = Entry(device: device, lastSeenAt: now, savedAt: now)
        }
        return (token, Session(device: device, lastSeenAt: now))
    }

    /// The session that a token belongs to, marked as used now.
    ///
    /// - Throws: the vault's error while it is locked.
    /// - Returns: `nil` when there is none or it has ended.
    func use(_ token: Secret<String>) async throws -> Session? {
        try await self.fill()
        let digest = SessionCookie.digest(of: token)
        let now = self.clock.now
        let found = self.state.withLock { state -> (entry: Entry, isDue: Bool)? in
            guard var entry = state.entries[digest], !self.hasEnded(entry, at: now) else { return nil }
            entry.lastSeenAt = now
            let isDue = now - entry.savedAt >= Self.saveInterval
            if isDue { entry.savedAt = now }
            state.entries[digest] = entry
            return (entry, isDue)
        }
        guard let found else { return nil }
        if found.isDue { await self.save(lastSeenAt: now, of: found.entry.device.id) }
        return Session(device: found.entry.device, lastSeenAt: now)
    }

    /// Whether the session still lives. Does not count as use.
    func isAlive(_ id: RecordID) -> Bool {
        let now = self.clock.now
        return self.state.withLock { state in
            state.entries.values.contains { $0.device.id == id && !self.hasEnded($0, at: now) }
        }
    }

    /// The session that a token belongs to, without using it; `nil` while the vault is locked.
    func peek(_ token: Secret<String>) async throws -> Session? {
        guard self.vault.state.isUnlocked else { return nil }
        try await self.fill()
        let digest = SessionCookie.digest(of: token)
        let now = self.clock.now
        return self.state.withLock { state in
            state.entries[digest].flatMap { entry in
                self.hasEnded(entry, at: now) ? nil : Session(device: entry.device, lastSeenAt: entry.lastSeenAt)
            }
        }
    }

    /// All living sessions, the one used last first.
    func all() async throws -> [Session] {
        try await self.fill()
        let now = self.clock.now
        return self.state.withLock { state in
            state.entries.values.filter { !self.hasEnded($0, at: now) }
                .map { Session(device: $0.device, lastSeenAt: $0.lastSeenAt) }
                .sorted { ($0.lastSeenAt, $0.id) > ($1.lastSeenAt, $1.id) }
        }
    }

    /// Ends a session.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    func end(_ id: RecordID) async throws -> Bool {
        try await self.fill()
        let wasThere = self.state.withLock { state in
            guard let digest = state.entries.first(where: { $0.value.device.id == id })?.key else { return false }
            state.entries[digest] = nil
            return true
        }
        if wasThere { try await self.forget([id]) }
        return wasThere
    }

    /// Ends all sessions but one.
    func endAll(except kept: RecordID? = nil) async throws {
        try await self.fill()
        let ended = self.state.withLock { state in
            let ended = state.entries.values.map(\.device.id).filter { $0 != kept }
            state.entries = state.entries.filter { $0.value.device.id == kept }
            return ended
        }
        try await self.forget(ended)
    }

    /// Empties memory: the vault was locked. Does nothing when memory is already that of a later unlock.
    func empty() {
        let unlock = self.vault.state.unlockedSince
        self.state.withLock { state in
            if let unlock, state.loadedFor == unlock { return }
            state = State(sawLock: true)
        }
    }

    private func hasEnded(_ entry: Entry, at now: Timestamp) -> Bool {
        now >= entry.device.expiresAt || now - entry.lastSeenAt >= self.times.idle
    }

    /// Reads the stored sessions once after each unlock, and drops those that have ended.
    private func fill() async throws {
        if try self.isFilled() { return }
        try await self.loading.run {
            if try self.isFilled() { return }
            guard let since = self.vault.state.unlockedSince else { throw APIError.sealed }
            let devices = try await self.store.list(Device.self).map(\.value)
            let now = self.clock.now
            let ended = self.state.withLock { state -> [RecordID] in
                var ended: [RecordID] = []
                let sawLock = state.sawLock || state.loadedFor != nil
                state.entries = [:]
                for device in devices {
                    let entry = Entry(device: device, lastSeenAt: device.lastSeenAt, savedAt: device.lastSeenAt)
                    if sawLock || self.hasEnded(entry, at: now) {
                        ended.append(device.id)
                    } else {
                        state.entries[device.tokenDigest] = entry
                    }
                }
                state.loadedFor = since
                return ended
            }
            try await self.forget(ended)
        }
    }

    private func isFilled() throws -> Bool {
        guard let since = self.vault.state.unlockedSince else { throw APIError.sealed }
        return self.state.withLock { $0.loadedFor == since }
    }

    private func makeRoom() async throws {
        let living = try await self.all()
        for session in living.dropFirst(self.limit - 1) { try await self.end(session.id) }
    }

    private func forget(_ ids: [RecordID]) async throws {
        for id in ids {
            do {
                try await self.store.delete(.devices, id)
            } catch let error as StoreError where error.code == .notFound || error.code == .diskFull {
                // Never stored, or gone already; on a full disk the record stays, ended in memory all the same.
            }
        }
    }

    private func save(lastSeenAt: Timestamp, of id: RecordID) async {
        do {
            _ = try await self.store.update(Device.self, id) { $0.lastSeenAt = max($0.lastSeenAt, lastSeenAt) }
        } catch {
            // The time in memory is the one that counts; the next minute tries again.
        }
    }
}

extension VaultState {
    /// When the vault was unlocked; `nil` while it is not.
    var unlockedSince: Timestamp? {
        if case .unlocked(let since) = self { since } else { nil }
    }
}
