import CherryCore

extension StoreError {
    /// The record `stamp` is not what was written; `finding` completes the sentence "Record … in … ".
    static func tampered(_ stamp: RecordStamp, _ finding: String, underlying: (any Error)? = nil) -> StoreError {
        StoreError(
            .tampered,
            message: "Record \(stamp.id) in \(stamp.collection.rawValue) \(finding).",
            hint: Self.tamperedHint,
            record: stamp,
            underlying: underlying
        )
    }

    /// The set of records is not what was written, and no single record explains it.
    static func tampered(_ message: String) -> StoreError {
        StoreError(.tampered, message: message, hint: Self.tamperedHint)
    }

    private static let tamperedHint =
        "Something other than this program changed the database. Restore a backup, or export what still opens."
}
