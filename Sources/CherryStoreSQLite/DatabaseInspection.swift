import CherryStore
import Foundation
import GRDB

/// Looks at a database file before anything may write to it.
struct DatabaseInspection {
    let path: String

    /// Makes sure that there is a sound database, or an empty file to make one in.
    ///
    /// - Throws: `StoreError`: `.tooNew`, `.damaged`, `.unavailable`, `.diskFull`. The file is then as it was.
    func run() throws {
        guard try self.fileHoldsSomething() else { return }
        let sideFiles = ["-wal", "-shm"].map { self.path + $0 }.filter { !FileManager.default.fileExists(atPath: $0) }
        defer { self.removeEmpty(sideFiles) }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(SQLiteRecordStore.busyTimeout)
            let queue = try DatabaseQueue(path: self.path, configuration: configuration)
            defer { try? queue.close() }  // nothing was written: a failed close loses nothing
            try queue.read { db in
                try self.checkLength(db)
                let version = try self.checkVersion(db)
                try Self.checkIntegrity(db)
                guard try Schema.statements(db) == Schema.statements(atVersion: version) else {
                    throw StoreError.damaged("Its tables are not those that this program makes.")
                }
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError.opening(self.path, failedWith: error)
        }
    }

    /// Runs SQLite's own check of every page, index and constraint.
    static func checkIntegrity(_ db: Database) throws {
        let findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(3)")
        guard findings == ["ok"] else {
            throw StoreError.damaged("SQLite found: \(findings.joined(separator: "; ")).")
        }
    }

    /// Whether there is a file with content; makes an empty one, which only its owner may read, where there is none.
    private func fileHoldsSomething() throws -> Bool {
        let descriptor = open(self.path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            if code == ENOSPC || code == EDQUOT { throw StoreError.diskFull() }
            throw StoreError.cannotOpen(self.path, because: String(cString: strerror(code)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError.cannotOpen(self.path, because: "it is not a file")
        }
        guard status.st_size > 0 else { return false }
        try self.checkHeader(descriptor)
        return true
    }

    /// Two bytes say who may write and read; SQLite takes unknown ones for a file system without write permission.
    private func checkHeader(_ descriptor: CInt) throws {
        var formats: [UInt8] = [0, 0]
        guard pread(descriptor, &formats, 2, 18) == 2, formats.allSatisfy({ (1...2).contains($0) }) else {
            throw StoreError.damaged("The file is not a database.")
        }
    }

    /// A missing end of the last page reads as zeroes; only the length tells. The log may hold pages that the file
    /// does not have yet.
    private func checkLength(_ db: Database) throws {
        var status = stat()
        guard stat(self.path + "-wal", &status) != 0 || status.st_size == 0, stat(self.path, &status) == 0 else {
            return
        }
        let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let size = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        guard Int64(status.st_size) >= pages * size else { throw StoreError.damaged("It is shorter than it says.") }
    }

    /// - Returns: the number of the last migration.
    private func checkVersion(_ db: Database) throws -> Int {
        let applicationID = try Int64.fetchOne(db, sql: "PRAGMA application_id")
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let applied = try Schema.migrator.appliedIdentifiers(db)
        let known = Schema.migrations.map { $0.identifier }
        if applicationID == Schema.applicationID, version > Schema.version, !applied.isSubset(of: known) {
            throw StoreError(
                .tooNew,
                message:
                    "A newer program made this database: it has format \(version), this one knows \(Schema.version).",
                hint:
                    "Install that version of cherry again, or restore a backup made with this one. The file is untouched."
            )
        }
        guard applicationID == Schema.applicationID, (1...Schema.version).contains(version),
            applied == Set(known.prefix(version))
        else { throw StoreError.damaged("It is not a database of this program.") }
        return version
    }

    /// Takes away what reading alone made beside the file.
    private func removeEmpty(_ paths: [String]) {
        for path in paths {
            var status = stat()
            guard stat(path, &status) == 0, path.hasSuffix("-shm") || status.st_size == 0 else { continue }
            unlink(path)
        }
    }
}
