import CherryCore
import CherryStore
import Logging

/// Writes down security-relevant events, sealed.
struct AuditTrail: Sendable {
    let store: SealedStore
    let clock: WallClock
    let logger: Logger

    /// Records that something happened. What happened has happened: a failure to record it undoes nothing.
    func record(_ kind: AuditEvent.Kind, by session: Session?) async {
        let now = self.clock.now
        do {
            try await self.store.put(
                AuditEvent(id: .make(at: now), kind: kind, at: now, deviceID: session?.id),
                basedOn: 0
            )
        } catch {
            self.logger.warning("An audit event could not be stored.", metadata: ["audit.kind": "\(kind.rawValue)"])
        }
    }
}
