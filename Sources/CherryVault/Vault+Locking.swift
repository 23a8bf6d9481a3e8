import CherryCore
import Synchronization

extension Vault {
    /// Drops the keys. Does nothing while the vault is sealed.
    public func lock() { _ = self.lock(.requested) { _ in true } }

    /// Notes that somebody is using the vault, which puts off the idle lock.
    public func touch() {
        let now = self.clock.now
        self.memory.withLock { $0.unlocked?.lastActivity = now }
    }

    /// Locks if nobody has touched the vault for `idleLimit`. To be called now and then.
    ///
    /// - Returns: whether it locked.
    @discardableResult
    public func lockIfIdle() -> Bool {
        let now = self.clock.now
        return self.lock(.idle) { memory in
            guard let deadline = memory.idleLockAt, let last = memory.unlocked?.lastActivity else { return false }
            // A clock that was set back must not put the lock off by as much.
            if now < last { memory.unlocked?.lastActivity = now }
            return now >= deadline
        }
    }

    /// Time without a `touch()` after which `lockIfIdle()` locks; `nil` for never.
    public var idleLimit: Duration? {
        get { self.memory.withLock { $0.idleLimit } }
        set { self.memory.withLock { $0.idleLimit = newValue } }
    }

    /// When and why the vault locks: each call gives a stream of its own, from now on.
    ///
    /// It keeps the newest eight events for a slow listener and ends with the vault.
    public var lockEvents: AsyncStream<LockReason> { self.listeners.stream() }

    private func lock(_ reason: LockReason, if condition: (inout VaultMemory) -> Bool) -> Bool {
        let didLock = self.memory.withLock { memory in
            guard memory.unlocked != nil, condition(&memory) else { return false }
            self.returnReservation(&memory)
            memory.unlocked = nil
            return true
        }
        if didLock { self.listeners.tell(reason) }
        return didLock
    }

    /// Writes down how often the keys have really sealed, so that locking wastes nothing of what was reserved.
    private func returnReservation(_ memory: inout VaultMemory) {
        guard let unlocked = memory.unlocked, var header = memory.header else { return }
        for (id, seals) in unlocked.seals { header.setReservedSeals(seals, of: id) }
        guard header != memory.header else { return }
        do {
            try self.save(&header, under: unlocked.ring.active)
            memory.header = header
        } catch {
            // Locking must not fail. The higher bound stays, which only makes a rotation due a little earlier.
        }
    }
}
