import Foundation

@testable import CherryJournal

/// The files of a folder at one moment, that can be changed and written elsewhere.
struct FolderSnapshot {
    struct File {
        var size: Int
        /// Pages that are not all zero.
        var pages: [Int: [UInt8]]
    }

    private static let pageSize = 4096
    private(set) var files: [String: File] = [:]

    init(_ folder: String) throws {
        for name in try JournalFile.names(in: folder) {
            let file = try JournalFile("\(folder)/\(name)", flags: O_RDONLY)
            var pages: [Int: [UInt8]] = [:]
            let zeros = [UInt8](repeating: 0, count: Self.pageSize)
            for start in stride(from: 0, to: try file.size, by: Self.pageSize) {
                let page = try file.read(Self.pageSize, at: start)
                if page != Array(zeros.prefix(page.count)) { pages[start] = page }
            }
            self.files[name] = File(size: try file.size, pages: pages)
        }
    }

    /// Offsets of all bytes from the first to the last that is not zero on each page.
    func usedOffsets(_ name: String) -> [Int] {
        (self.files[name]?.pages ?? [:]).sorted { $0.key < $1.key }.flatMap { start, page in
            (start..<start + (page.lastIndex { $0 != 0 } ?? 0) + 1).map { $0 }
        }
    }

    mutating func flip(_ name: String, _ offset: Int, bit: Int) {
        let start = offset / Self.pageSize * Self.pageSize
        self.files[name]?.pages[start]?[offset - start] ^= UInt8(1 << bit)
    }

    mutating func truncate(_ name: String, to size: Int) { self.files[name]?.size = size }

    mutating func remove(_ name: String) { self.files[name] = nil }

    func write(to folder: String) throws {
        try? FileManager.default.removeItem(atPath: folder)  // not there the first time
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, content) in self.files {
            let file = try JournalFile("\(folder)/\(name)", flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
            for (start, page) in content.pages where start < content.size {
                try file.write(Array(page.prefix(content.size - start)), at: start)
            }
            try file.truncate(to: content.size)
        }
    }
}
