import Glibc

/// The file in which records lie that a destination refused for good.
///
/// Events are appended; they count once the journal's state says how much of the file holds, and what lies beyond is
/// written over. When most of a file is of no more use, what is live goes to a new one.
struct QuarantineLog: Sendable {
    private static let step = 1 << 16
    /// Bytes of no use before a file is written anew.
    private static let wasteLimit = 1 << 20

    private let folder: String
    private var file: JournalFile
    private var allocated: Int
    private(set) var extent: QuarantineExtent
    private(set) var index = QuarantineIndex()
    /// Events that could not be read.
    private(set) var damaged = 0

    /// Opens the file that `extent` names, or makes it.
    init(folder: String, extent: QuarantineExtent) throws {
        self.folder = folder
        self.extent = extent
        let path = Self.path(folder, extent.generation)
        if access(path, F_OK) != 0 {
            self.file = try Self.make(folder, extent.generation)
            self.damaged += extent.length > 0 ? 1 : 0
            self.extent.length = 0
        } else {
            self.file = try JournalFile(path, flags: O_RDWR)
        }
        self.allocated = try self.file.size
        let bytes = try self.file.read(min(self.extent.length, self.allocated), at: 0)
        var offset = 0
        while offset < bytes.count {
            guard let (event, length) = QuarantineEvent.decode(bytes[offset...]) else {
                self.damaged += 1
                break
            }
            if let event { self.index.apply(event, offset: offset, length: length) } else { self.damaged += 1 }
            offset += length
        }
        // Behind what cannot be taken apart nothing may be appended, or it could not be read either.
        self.extent.length = offset
    }

    static func path(_ folder: String, _ generation: UInt32) -> String { "\(folder)/quarantine-\(generation)" }

    /// Which file a name is that `path` gave.
    static func parse(_ name: String) -> UInt32? {
        name.hasPrefix("quarantine-") ? UInt32(name.dropFirst("quarantine-".count)) : nil
    }

    private static func make(_ folder: String, _ generation: UInt32) throws(FileError) -> JournalFile {
        let path = self.path(folder, generation)
        unlink(path)
        let file = try JournalFile(path, flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        do throws(FileError) {
            try file.allocate(self.step)
            try file.synchronize()
            try JournalFile.synchronizeFolder(folder)
        } catch {
            unlink(path)
            throw error
        }
        return file
    }

    /// Appends events and waits until the disk has them; after an error none of them happened.
    mutating func append(_ events: [QuarantineEvent]) throws(FileError) {
        guard !events.isEmpty else { return }
        var bytes: [UInt8] = []
        var places: [(offset: Int, length: Int)] = []
        for event in events {
            let encoded = event.encode()
            places.append((self.extent.length + bytes.count, encoded.count))
            bytes += encoded
        }
        let end = self.extent.length + bytes.count
        if end > self.allocated {
            let size = (end / Self.step + 1) * Self.step
            try self.file.allocate(size)
            self.allocated = size
        }
        try self.file.write(bytes, at: self.extent.length)
        try self.file.synchronize()
        self.extent.length = end
        for (event, place) in zip(events, places) {
            self.index.apply(event, offset: place.offset, length: place.length)
        }
    }

    /// The sealed payload of a record; `nil` when it cannot be read any more or there never was one.
    func payload(_ key: QuarantineKey) throws(FileError) -> [UInt8]? {
        guard let entry = self.index.entries[key] else { return nil }
        let bytes = try self.file.read(entry.length, at: entry.offset)
        guard case .held(_, _, _, _, let payload)? = QuarantineEvent.decode(bytes[...])?.event else { return nil }
        return payload.isEmpty ? nil : payload
    }

    /// Takes out of the index what the accounts do not know of.
    mutating func forget(_ key: QuarantineKey) { self.index.remove(key) }

    var isWasteful: Bool {
        let waste = self.extent.length - self.index.liveBytes
        return waste > Self.wasteLimit && waste > self.index.liveBytes
    }

    /// A new file with what is live. It counts once the state names it.
    func compacted() throws -> QuarantineLog {
        var next = self
        next.extent = QuarantineExtent(generation: self.extent.generation + 1, length: 0)
        next.file = try Self.make(self.folder, next.extent.generation)
        next.allocated = Self.step
        next.index = QuarantineIndex()
        for (key, entry) in self.index.entries.sorted(by: { $0.value.order < $1.value.order }) {
            var events: [QuarantineEvent] = [
                .held(
                    key,
                    kind: entry.kind,
                    at: entry.at,
                    reason: entry.reason,
                    payload: try self.payload(key) ?? []
                )
            ]
            if entry.isRequeued { events.append(.requeued(key)) }
            try next.append(events)
        }
        return next
    }
}
