import CherryCore
import Foundation

extension SealedStore {
    /// Opens one live row.
    func open<R: SealedRecord>(_ row: StoredRecord) throws -> Versioned<R> {
        Versioned(try RecordCoder.decode(R.self, try self.plaintext(of: row), from: row), storedAs: row)
    }

    /// Opens many rows off the caller's executor.
    @concurrent
    func openAll<R: SealedRecord>(_ rows: [StoredRecord]) async throws -> [Versioned<R>] {
        try rows.map { try self.open($0) }
    }

    /// The JSON of a live row.
    ///
    /// - Throws: `StoreError` with code `.tampered` and the record when it does not open where it lies; the sealer's
    ///   own error while the vault is locked.
    func plaintext(of row: StoredRecord) throws -> Data {
        guard let sealed = row.sealed else { throw StoreError.notFound(row.collection, row.id) }
        do {
            return try self.sealer.open(sealed, at: row.address)
        } catch let error as any CherryError where error.isSealed {
            throw error
        } catch {
            throw StoreError.tampered(row.stamp, "does not open where it lies", underlying: error)
        }
    }
}
