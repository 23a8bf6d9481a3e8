import CherryStore
import CherryStoreSQLite
import CherryTesting
import Testing

@Suite("SQLite keeps the contract of a record store")
struct SQLiteContractTests {
    @Test("on a file", arguments: RecordStoreContract.checks + RecordStoreContract.durabilityChecks)
    func file(_ check: RecordStoreContract.Check) async throws {
        let folder = try TemporaryFolder()
        try await check.run(against: { try SQLiteRecordStore(path: folder.file("cherry.sqlite")) })
    }

    @Test("in memory", arguments: RecordStoreContract.checks)
    func memory(_ check: RecordStoreContract.Check) async throws {
        let store = try SQLiteRecordStore.inMemory()
        try await check.run(against: { store })
    }
}
