import CherryCore

/// One live root key, as the header lists it.
struct KeyEntry: Codable, Hashable, Sendable {
    enum State: String, Codable, Sendable {
        /// Seals new records. Exit: `retiring`, when a rotation begins.
        case active
        /// Opens what it sealed. Exit: leaves the header, when the rotation has finished.
        case retiring
    }

    var id: KeyID
    var state: State
    var createdAt: Timestamp
    /// An upper bound of how often the key has sealed. Raised in steps, ahead of use, so that sealing writes nothing.
    var reservedSeals: UInt64
}
