public import CherryJournal
public import CherryVault
import Foundation

extension Settings {
    private static let operationsCredential = "cherry-operations-key"

    /// The folder of the journal.
    public var journalFolder: String { "\(self.dataDirectory)/journal" }

    /// Where the operations key lies: the systemd credential, if the service manager gave one, or the key file.
    public var operationsKey: MachineKeySource {
        if let directory = self.credentialsDirectory,
            FileManager.default.fileExists(atPath: "\(directory)/\(Self.operationsCredential)")
        {
            return .systemdCredential(directory: directory, name: Self.operationsCredential)
        }
        return .keyFile(path: self.operationsKeyFile, dataDirectory: self.dataDirectory)
    }

    /// Opens the journal of the data directory, or begins one. The caller holds the directory's lock.
    ///
    /// - Throws: `VaultError` when the operations key cannot be used, `JournalError`.
    public func openJournal() async throws -> Journal {
        try await Journal(
            JournalConfiguration(folder: self.journalFolder),
            sealer: try OperationsKey(self.operationsKey)
        )
    }
}
