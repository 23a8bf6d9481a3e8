import Glibc

/// Keeps the state in one file with two places, written in turn: whatever stops the machine, one of them is whole.
///
/// The file has all of its room from the beginning, so that what was delivered can be noted while the disk is full.
struct StateFile: Sendable {
    /// Bytes of a place; more than the largest state needs.
    static let slotSize = 1 << 20
    private static let name = "state"

    private let file: JournalFile

    /// The two states that were read, the newer one first.
    let found: [JournalState]

    /// Opens the file, or makes it with `initial` in it, durably.
    ///
    /// - Throws: `JournalError` with code `.inUse` when another process has it open, `.tooNew`, or `FileError`.
    init(folder: String, initial: () -> JournalState) throws {
        let path = "\(folder)/\(Self.name)"
        if access(path, F_OK) != 0 { try Self.make(path, folder, initial()) }
        let file = try JournalFile(path, flags: O_RDWR)
        self.file = file
        guard file.lock() else { throw JournalError(.inUse) }
        if try file.size < 2 * Self.slotSize { try file.allocate(2 * Self.slotSize) }
        let slots = try [0, 1].map { try Self.read(file, at: $0 * Self.slotSize) }
        self.found = slots.compactMap { $0 }.sorted { $0.generation > $1.generation }
    }

    private static func read(_ file: JournalFile, at offset: Int) throws -> JournalState? {
        let length = JournalState.length(ofSlot: try file.read(JournalState.prefix, at: offset))
        guard let length, length <= self.slotSize else { return nil }
        return try JournalState.decode(try file.read(length, at: offset))
    }

    private static func make(_ path: String, _ folder: String, _ state: JournalState) throws {
        let draft = path + ".new"
        unlink(draft)
        let file = try JournalFile(draft, flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        try file.allocate(2 * self.slotSize)
        try file.write(state.encode(), at: 0)
        try file.synchronize()
        guard rename(draft, path) == 0 else { throw FileError("rename") }
        try JournalFile.synchronizeFolder(folder)
    }

    /// Writes a state over the older one of the two, durably. After an error the newer one is still whole, and the
    /// next attempt writes all of its bytes again.
    func write(_ state: JournalState) throws {
        let bytes = state.encode()
        guard bytes.count <= Self.slotSize else { throw JournalError(.tooManyDestinations) }
        try self.file.write(bytes, at: Int(state.generation % 2) * Self.slotSize)
        try self.file.synchronize()
    }
}
