import CherryCore
import CherryTesting
import Testing

@testable import CherryVault

@Suite("Locking")
struct IdleLockTests {
    @Test("The vault locks when nobody touched it for the idle limit, and not before")
    func idle() async throws {
        let clock = HandClock()
        let vault = try await VaultFixture.make(clock: clock.wall).vault
        vault.idleLimit = .seconds(60)
        #expect(vault.idleLimit == .seconds(60))
        #expect(vault.status.idleLockAt == clock.wall.now + .seconds(60))
        clock.turn(by: .milliseconds(59_999))
        #expect(!vault.lockIfIdle())
        vault.touch()
        clock.turn(by: .milliseconds(59_999))
        #expect(!vault.lockIfIdle())
        clock.turn(by: .milliseconds(1))
        #expect(vault.lockIfIdle())
        #expect(vault.state == .sealed)
        #expect(vault.status.idleLockAt == nil)
        #expect(!vault.lockIfIdle())
        vault.touch()
        #expect(vault.state == .sealed)
    }

    @Test("Without a limit it never locks by itself; a new limit counts from the last touch")
    func noLimit() async throws {
        let clock = HandClock()
        let vault = try await VaultFixture.make(clock: clock.wall).vault
        vault.idleLimit = nil
        clock.turn(by: .seconds(1_000_000))
        #expect(!vault.lockIfIdle())
        vault.idleLimit = .seconds(1)
        #expect(vault.lockIfIdle())
    }

    @Test("Unlocking and confirming the passphrase count as a touch")
    func unlockTouches() async throws {
        let clock = HandClock()
        let fixture = try await VaultFixture.make(clock: clock.wall)
        fixture.vault.idleLimit = .seconds(10)
        clock.turn(by: .seconds(9))
        try await fixture.vault.unlock(fixture.login)
        clock.turn(by: .seconds(9))
        #expect(!fixture.vault.lockIfIdle())
        fixture.vault.lock()
        clock.turn(by: .seconds(100))
        try await fixture.vault.unlock(fixture.login)
        #expect(!fixture.vault.lockIfIdle())
    }

    @Test("A clock set back does not put the lock off by as much")
    func clockSetBack() async throws {
        let clock = HandClock()
        let vault = try await VaultFixture.make(clock: clock.wall).vault
        vault.idleLimit = .seconds(60)
        clock.turn(by: .seconds(-100_000))
        #expect(!vault.lockIfIdle())
        clock.turn(by: .seconds(60))
        #expect(vault.lockIfIdle())
    }

    @Test("Every listener hears once of each lock and why")
    func events() async throws {
        let clock = HandClock()
        let fixture = try await VaultFixture.make(clock: clock.wall)
        let vault = fixture.vault
        var first = vault.lockEvents.makeAsyncIterator()
        var second = vault.lockEvents.makeAsyncIterator()
        vault.lock()
        vault.lock()
        try await vault.unlock(fixture.login)
        vault.idleLimit = .seconds(1)
        clock.turn(by: .seconds(1))
        vault.lockIfIdle()
        try await vault.unlock(fixture.login)
        try vault.erase()
        for expected in [LockReason.requested, .idle, .erased] {
            #expect(await first.next() == expected)
            #expect(await second.next() == expected)
        }
    }

    @Test("Listeners are released when they stop listening, and end with the vault")
    func listeners() async throws {
        var vault: Vault? = try await VaultFixture.make().vault
        var iterator = try #require(vault).lockEvents.makeAsyncIterator()
        for _ in 0..<3 { _ = vault?.lockEvents }
        vault?.lock()
        vault = nil
        #expect(await iterator.next() == .requested)
        #expect(await iterator.next() == nil)
    }
}
