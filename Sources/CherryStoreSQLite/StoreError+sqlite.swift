import CherryStore
import Foundation
import GRDB

extension StoreError {
    /// An error of a database that was sound when it was opened.
    static func running(_ path: String?, failedWith error: any Error) -> any Error {
        if error is RowDecodingError { return StoreError.damaged("A row has an impossible value.", underlying: error) }
        guard let error = error as? DatabaseError else { return error }
        return self.known(path, error)
            ?? StoreError(
                .unavailable,
                message:
                    "The database did not do what it was asked (SQLite error \(error.extendedResultCode.rawValue)).",
                hint: "Try again; if it goes on, look at the server's log and start `cherry serve` again.",
                underlying: error
            )
    }

    /// An error of a database that is being looked at: what is not about the surroundings is damage.
    static func opening(_ path: String, failedWith error: any Error) -> StoreError {
        guard let error = error as? DatabaseError else {
            return .damaged("It holds impossible values.", underlying: error)
        }
        return self.known(path, error)
            ?? .damaged(
                "SQLite says: \(error.message ?? "error \(error.extendedResultCode.rawValue)").",
                underlying: error
            )
    }

    static func damaged(_ finding: String, underlying: (any Error)? = nil) -> StoreError {
        StoreError(
            .damaged,
            message: "The database is damaged. \(finding)",
            hint: """
                The file was left as it is. Stop cherry, keep a copy of the file, put back a backup of the data \
                directory, and start `cherry serve` again.
                """,
            underlying: underlying
        )
    }

    static func diskFull(underlying: (any Error)? = nil) -> StoreError {
        StoreError(
            .diskFull,
            message: "The disk is full; nothing was changed.",
            hint: "Free some space where the data directory is and try again.",
            underlying: underlying
        )
    }

    static func cannotOpen(_ path: String, because reason: String, underlying: (any Error)? = nil) -> StoreError {
        StoreError(
            .unavailable,
            message: "The database \(path) cannot be opened: \(reason).",
            hint: "See that the data directory exists and that this user may read and write in it.",
            underlying: underlying
        )
    }

    private static func known(_ path: String?, _ error: DatabaseError) -> StoreError? {
        switch error.extendedResultCode {
        case .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_CORRUPTFS:
            return .damaged("It is shorter than it says.", underlying: error)
        case .SQLITE_IOERR_SHMSIZE:
            return .diskFull(underlying: error)
        default: break
        }
        switch error.resultCode {
        case .SQLITE_FULL:
            return .diskFull(underlying: error)
        case .SQLITE_CORRUPT:
            return .damaged("SQLite found a malformed page.", underlying: error)
        case .SQLITE_NOTADB:
            return .damaged("The file is not a database.", underlying: error)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN:
            if let path, self.isFull(path) { return .diskFull(underlying: error) }
            return .cannotOpen(path ?? "in memory", because: "reading or writing fails", underlying: error)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return .cannotOpen(path ?? "in memory", because: "this user may not write", underlying: error)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StoreError(
                .unavailable,
                message: "Another program is using the database.",
                hint: "Close it and try again.",
                underlying: error
            )
        case .SQLITE_NOMEM:
            return StoreError(.unavailable, message: "There is not enough memory.", hint: nil, underlying: error)
        default:
            return nil
        }
    }

    /// Whether the volume of `path` has no room for a page and its log.
    private static func isFull(_ path: String) -> Bool {
        var status = statvfs()
        let folder = (path as NSString).deletingLastPathComponent
        guard statvfs(folder.isEmpty ? "." : folder, &status) == 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < 64 * 1024
    }
}
