public import Foundation

/// Keeps the header in one file of mode 0600.
///
/// Saving writes a file beside it, waits until the disk has it, renames it over the old one and waits for the
/// directory: whatever stops the machine, the file is the old header or the new one.
public struct FileKeyStore: KeyStore {
    /// One step of saving.
    package enum Step: Sendable, CaseIterable { case create, write, sync, rename, syncDirectory }

    private let path: String
    private let willPerform: @Sendable (Step) throws -> Void

    /// Names the file. Its directory must exist.
    public init(path: String) {
        self.init(path: path) { _ in }
    }

    /// Calls `willPerform` before each step of saving; what it throws stops the save there.
    package init(path: String, willPerform: @escaping @Sendable (Step) throws -> Void) {
        self.path = path
        self.willPerform = willPerform
    }

    public func load() throws -> Data? {
        do {
            let file = try OpenFile(self.path, flags: O_RDONLY)
            // One byte more than allowed, so that a larger file is seen to be larger.
            let limit = VaultHeader.sizeLimit + 1
            var data = Data(count: limit)
            let count = try data.withUnsafeMutableBytes { try file.fill($0) }
            return data.prefix(count)
        } catch let error as FileError where error.code == ENOENT {
            return nil
        } catch {
            throw VaultError(
                .unavailable,
                message: "The vault's header is there and cannot be opened.",
                hint: "Check the permissions of the data directory.",
                underlying: error
            )
        }
    }

    public func save(_ header: Data) throws {
        let draft = self.path + ".new"
        do {
            try self.willPerform(.create)
            // Left over from a save that was cut off.
            unlink(draft)
            do {
                let file = try OpenFile(draft, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
                try self.willPerform(.write)
                try header.withUnsafeBytes { try file.append($0) }
                try self.willPerform(.sync)
                try file.synchronize()
            }
            try self.willPerform(.rename)
            guard rename(draft, self.path) == 0 else { throw FileError("rename") }
            try self.willPerform(.syncDirectory)
            try OpenFile.synchronizeFolder(of: self.path)
        } catch {
            unlink(draft)
            throw VaultError(
                .unavailable,
                message: "The vault's header could not be written.",
                hint: "Check the free space and the permissions of the data directory.",
                underlying: error
            )
        }
    }

    public func erase() throws {
        unlink(self.path + ".new")
        do {
            guard unlink(self.path) == 0 || errno == ENOENT else { throw FileError("unlink") }
            try OpenFile.synchronizeFolder(of: self.path)
        } catch {
            throw VaultError(
                .unavailable,
                message: "The vault's header could not be removed.",
                hint: "Check the permissions of the data directory.",
                underlying: error
            )
        }
    }
}
