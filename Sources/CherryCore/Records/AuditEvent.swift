/// Something security-relevant that happened: an unlock, an export, a revoked device.
public struct AuditEvent: Codable, Sendable, Hashable {
    /// A closed set, so that no content can enter the audit trail.
    public enum Kind: String, Codable, Sendable {
        case vaultCreated, unlocked, locked, idleLocked, passphraseChanged, recovered, recoveryKitReplaced
        case slotAdded, slotRemoved, rotationStarted, rotationFinished
        case loggedIn, loggedOut, deviceRevoked, exported, imported, providerAdded, providerRemoved
        case tokenAdded, tokenRevoked, serverAdded, serverRemoved, telemetryChanged
    }

    public let id: RecordID
    public let kind: Kind
    public let at: Timestamp
    /// The device that did it; `nil` for the command line or the server itself.
    public let deviceID: RecordID?

    /// Records an event.
    public init(id: RecordID = .make(), kind: Kind, at: Timestamp = .now, deviceID: RecordID? = nil) {
        self.id = id
        self.kind = kind
        self.at = at
        self.deviceID = deviceID
    }
}
