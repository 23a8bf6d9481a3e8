import CherryCore
import Foundation

/// Turns records into the JSON that is sealed, and back.
enum RecordCoder {
    static func encode(_ value: some SealedRecord) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return try encoder.encode(value)
    }

    /// Reads a record and holds it to the row it came from: the scope is not authenticated by the seal, so a row that
    /// was moved under another one shows here.
    static func decode<R: SealedRecord>(_: R.Type, _ plaintext: Data, from row: StoredRecord) throws -> R {
        let value: R
        do {
            value = try JSONDecoder().decode(R.self, from: plaintext)
        } catch {
            throw self.undecodable(row, error)
        }
        guard value.id == row.id, value.scope == row.scope else {
            throw StoreError.tampered(row.stamp, "does not belong where it lies")
        }
        return value
    }

    static func undecodable(_ row: StoredRecord, _ error: any Error) -> StoreError {
        StoreError(
            .undecodable,
            message: "Record \(row.id) in \(row.collection.rawValue) has a shape that this program does not know.",
            hint: "A newer program may have written it; run that one.",
            record: row.stamp,
            underlying: error
        )
    }
}
