import CherryAssistant
import CherryCore
import CherryVault
import HTTPTypes
import Hummingbird

/// Who may do what: the sessions, the gate for passphrases, the streams to end, and the trail of what was done.
struct AccessControl: Sendable {
    let vault: Vault
    let sessions: SessionRegistry
    let cookie: SessionCookie
    let gate: PassphraseGate
    let hub: StreamHub
    let audit: AuditTrail
    let guards: RouteGuards
    private let usage: UsageBook

    /// Puts the parts together.
    init(_ dependencies: APIDependencies) {
        let configuration = dependencies.configuration
        self.vault = dependencies.vault
        self.usage = dependencies.usage
        self.sessions = SessionRegistry(
            vault: dependencies.vault,
            store: dependencies.store,
            clock: dependencies.wallClock,
            times: configuration.sessionTimes,
            limit: configuration.limits.sessions
        )
        self.cookie = SessionCookie(isSecure: configuration.isSecure, lifetime: configuration.sessionTimes.absolute)
        self.gate = PassphraseGate(
            store: dependencies.backoff,
            clock: dependencies.wallClock,
            logger: dependencies.logger
        )
        self.hub = StreamHub(limit: configuration.limits.streams)
        self.audit = AuditTrail(
            store: dependencies.store,
            clock: dependencies.wallClock,
            logger: dependencies.logger
        )
        self.guards = RouteGuards(
            hosts: KnownHosts(configuration),
            vault: dependencies.vault,
            sessions: self.sessions,
            cookie: self.cookie,
            limits: configuration.limits,
            clock: dependencies.clock
        )
    }

    /// Locks the vault, after writing down what could not be written afterwards.
    func lock() async {
        await self.usage.flush()
        self.vault.lock()
    }

    /// Ends everything that read from the vault before it was locked.
    func vaultDidLock() {
        self.sessions.empty()
        self.hub.announceLock(except: self.vault.state.unlockedSince)
    }

    /// Asks for the passphrase again before something that cannot be undone, although there is a session.
    func confirm(_ login: LoginKeys) async throws {
        try await self.gate.attempt {
            guard try await self.vault.verify(login) else { throw APIError.wrongPassphrase }
        }
    }

    /// Ends all sessions but one, and their streams.
    func endSessions(except kept: RecordID?) async throws {
        try await self.sessions.endAll(except: kept)
        self.hub.end { $0 != kept }
    }

    /// Ends one session and its streams.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    func endSession(_ id: RecordID) async throws -> Bool {
        let wasThere = try await self.sessions.end(id)
        self.hub.end { $0 == id }
        return wasThere
    }

    /// Begins a session for whoever sent `request`; one that it had before ends.
    func beginSession(for request: Request) async throws -> (session: Session, headers: HTTPFields) {
        if let old = self.cookie.token(in: request), let session = try await self.sessions.peek(old) {
            try await self.endSession(session.id)
        }
        let (token, session) = try await self.sessions.begin(
            name: UserAgentName.make(from: request.headers[.userAgent])
        )
        return (session, [.setCookie: self.cookie.setting(token)])
    }

    /// Headers that make a browser forget the session and what it kept.
    var farewell: HTTPFields {
        [.setCookie: self.cookie.clearing, .clearSiteData: "\"cache\", \"storage\""]
    }
}
