import CherryCore

/// One browser or tool that unlocked, as the interface shows it.
struct Session: Sendable, Hashable {
    let device: Device
    /// Later than the stored one by up to a minute.
    let lastSeenAt: Timestamp

    var id: RecordID { self.device.id }
}
