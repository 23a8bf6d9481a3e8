import CherryCore
import CherryStore
import Foundation
import Synchronization

extension RecordStoreContract {
    /// Writes with made-up ciphertext: an engine must not care what is in it.
    enum Fixture {
        static let key = KeyID(rawValue: 7)

        static func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

        static func put(
            _ collection: RecordCollection,
            id: RecordID = .make(),
            scope: RecordID? = nil,
            over version: Int64 = 0,
            key: KeyID = key,
            content: String = "ciphertext",
            at time: Int64 = 1
        ) -> RecordWrite {
            RecordWrite(
                collection: collection,
                id: id,
                scope: scope,
                baseVersion: version,
                schema: 3,
                keyID: key,
                sealed: Data(content.utf8),
                changedAt: self.time(time)
            )
        }

        static func delete(_ row: StoredRecord, at time: Int64 = 2) -> RecordWrite {
            RecordWrite(
                collection: row.collection,
                id: row.id,
                scope: nil,
                baseVersion: row.version,
                keyID: nil,
                sealed: nil,
                changedAt: self.time(time)
            )
        }

        /// A digest that says nothing.
        static let ignore: DigestUpdate = { _, _, _ in Data([0]) }
    }

    /// Remembers how an engine called for digests, and answers with a running text.
    final class DigestLog: Sendable {
        struct Call: Equatable {
            let key: KeyID
            let before: Data?
            let change: DigestChange
        }
        private let log = Mutex<[Call]>([])
        var calls: [Call] { self.log.withLock { $0 } }

        var update: DigestUpdate {
            { key, before, change in
                self.log.withLock { $0.append(Call(key: key, before: before, change: change)) }
                return (before ?? Data()) + Data("+\(change.added.count)-\(change.removed.count)".utf8)
            }
        }
    }

    struct Refused: Error {}
}
