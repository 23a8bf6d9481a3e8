import CherryCore
import CherryStore
import Foundation
import GRDB

/// Keeps records in one SQLite file, in WAL mode with `synchronous=FULL`: a write that returned survives a power cut.
///
/// Deleted content is overwritten (`secure_delete`), temporary tables stay in memory, and the file is readable by its
/// owner only. Work that was begun is finished even when the calling task is cancelled.
public final class SQLiteRecordStore: Sendable {
    /// How long to wait for another program that has the file locked, in seconds.
    static let busyTimeout = 5.0

    private let database: any DatabaseWriter
    /// The file; `nil` in memory.
    let path: String?

    /// Opens a database and brings it to the present shape, or makes a new one.
    ///
    /// The file is first checked without writing to it.
    ///
    /// - Throws: `StoreError`: `.tooNew` or `.damaged`, and the file is as it was; `.diskFull`; `.unavailable` when it
    ///   cannot be reached.
    public init(path: String) throws {
        try DatabaseInspection(path: path).run()
        self.path = path
        do {
            var configuration = Self.configuration
            configuration.maximumReaderCount = 4
            let pool = try DatabasePool(path: path, configuration: configuration)
            // The pool sets NORMAL when it turns WAL on; its readers never write.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Schema.migrator.migrate(pool)
            self.database = pool
        } catch {
            throw StoreError.opening(path, failedWith: error)
        }
        chmod(path, 0o600)
    }

    private init(queue: DatabaseQueue) {
        self.database = queue
        self.path = nil
    }

    /// Makes an empty database in memory, which is gone when the last reference is.
    public static func inMemory() throws -> SQLiteRecordStore {
        let queue = try DatabaseQueue(configuration: self.configuration)
        try Schema.migrator.migrate(queue)
        return SQLiteRecordStore(queue: queue)
    }

    /// Closes the file after what is running; nothing works afterwards.
    public func close() throws {
        do { try self.database.close() } catch { throw StoreError.running(self.path, failedWith: error) }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(self.busyTimeout)
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA secure_delete = ON;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    """
            )
        }
        return configuration
    }

    /// Runs `body` on one snapshot.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.database.asyncRead { [path] database in
                continuation.resume(
                    with: Result { try body(try database.get()) }
                        .mapError { StoreError.running(path, failedWith: $0) }
                )
            }
        }
    }

    /// Runs `body` in one transaction, which is undone when it throws.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.database.asyncWrite(
                body,
                completion: { [path] _, result in
                    continuation.resume(with: result.mapError { StoreError.running(path, failedWith: $0) })
                }
            )
        }
    }

    /// Runs `body` outside of a transaction, when nothing else writes.
    func writeWithoutTransaction(_ body: @escaping @Sendable (Database) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            self.database.asyncBarrierWriteWithoutTransaction { [path] database in
                continuation.resume(
                    with: Result { try body(try database.get()) }
                        .mapError { StoreError.running(path, failedWith: $0) }
                )
            }
        }
    }
}
