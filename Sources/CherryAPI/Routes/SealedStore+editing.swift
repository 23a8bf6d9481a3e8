import CherryCore
import CherryStore
import Foundation

extension SealedStore {
    /// One record that must be there.
    func require<R: SealedRecord>(_: R.Type, _ id: RecordID, called what: String) async throws -> Versioned<R> {
        guard let record = try await self.get(R.self, id) else { throw APIError.notFound(what) }
        return record
    }

    /// Changes a record that the client saw at `version`.
    ///
    /// - Parameter show: how the current record is shown to a client that was too late.
    /// - Throws: `APIError` with code `conflict` and the current record.
    func edit<R: SealedRecord>(
        _ current: Versioned<R>,
        basedOn version: Int64,
        show: (Versioned<R>) async throws -> Data = { JSON.encode(Envelope($0)) },
        _ change: (inout R) throws -> Void
    ) async throws -> Versioned<R> {
        guard current.version == version else { throw APIError.conflict(current: try await show(current)) }
        var value = current.value
        try change(&value)
        do {
            return try await self.put(value, basedOn: version)
        } catch let error as StoreError where error.code == .conflict {
            let newer = try await self.get(R.self, value.id)
            var shown: Data?
            if let newer { shown = try await show(newer) }
            throw APIError.conflict(current: shown)
        }
    }

    /// Makes a record, or finds it made: a client that did not hear the answer asks again.
    func create<R: SealedRecord>(_ value: R) async throws -> (record: Versioned<R>, isNew: Bool) {
        if let existing = try await self.get(R.self, value.id) { return (existing, false) }
        do {
            return (try await self.put(value, basedOn: 0), true)
        } catch let error as StoreError where error.code == .conflict {
            guard let existing = try await self.get(R.self, value.id) else { throw APIError.conflict(current: nil) }
            return (existing, false)
        }
    }
}
