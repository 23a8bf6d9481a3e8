import CherryCore

/// All live root keys of an unlocked vault: one, or two while a rotation runs.
struct KeyRing: Sendable {
    /// New records are sealed under this one.
    let active: RootKey
    /// Records under this one still open; they are being moved to `active`.
    let retiring: RootKey?

    /// The live key with that id.
    func find(_ id: KeyID) -> RootKey? {
        if id == self.active.id { return self.active }
        return id == self.retiring?.id ? self.retiring : nil
    }

    /// Oldest first, as the header lists them and each slot must wrap them.
    var all: [RootKey] { (self.retiring.map { [$0] } ?? []) + [self.active] }
}
