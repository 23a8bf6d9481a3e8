import CherryApp
import Foundation
import Testing

@Suite("Data directory")
struct DataDirectoryTests {
    let path = FileManager.default.temporaryDirectory.appending(path: "cherry-\(UUID().uuidString)").path

    @Test("It is made for its owner alone")
    func mode() throws {
        defer { try? FileManager.default.removeItem(atPath: self.path) }
        let directory = try DataDirectory(path: self.path)
        let attributes = try FileManager.default.attributesOfItem(atPath: self.path)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        #expect(directory.databaseFile.hasPrefix(self.path))
    }

    @Test("A second server is kept out and told who serves it; afterwards the directory is free")
    func lock() throws {
        defer { try? FileManager.default.removeItem(atPath: self.path) }
        let server = RunningServer(processID: 42, address: "http://127.0.0.1:8000")
        do {
            let directory = try DataDirectory(path: self.path)
            try directory.announce(server)
            try withExtendedLifetime(directory) {
                #expect(DataDirectory.runningServer(in: self.path) == server)
                let error = try #require(throws: DataDirectoryError.self) { try DataDirectory(path: self.path) }
                #expect(error.codeName == "inUse")
                #expect(error.message.contains("42"))
                #expect(error.message.contains("http://127.0.0.1:8000"))
            }
        }
        #expect(DataDirectory.runningServer(in: self.path) == nil)
        #expect(throws: Never.self) { try DataDirectory(path: self.path) }
    }

    @Test("A place that cannot be used is refused with the reason")
    func unavailable() throws {
        let error = try #require(throws: DataDirectoryError.self) { try DataDirectory(path: "/proc/cherry") }
        #expect(error.codeName == "unavailable")
        #expect(error.hint?.contains("CHERRY_DATA") == true)
    }
}
