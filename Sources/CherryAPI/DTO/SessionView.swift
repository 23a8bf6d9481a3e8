import CherryCore

/// A session as it is sent.
struct SessionView: Encodable, Sendable {
    let id: RecordID
    let name: String
    let createdAt: Timestamp
    let lastSeenAt: Timestamp
    let expiresAt: Timestamp
    /// Whether it is the one that asks.
    let current: Bool

    /// Shows a session to the one that is `current`.
    init(_ session: Session, current: RecordID) {
        self.id = session.id
        self.name = session.device.name
        self.createdAt = session.device.createdAt
        self.lastSeenAt = session.lastSeenAt
        self.expiresAt = session.device.expiresAt
        self.current = session.id == current
    }
}
