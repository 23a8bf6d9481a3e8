import CherryCore
import Foundation

extension MachineKeySource {
    private static let keyLength = 32

    /// Reads the key.
    ///
    /// - Throws: `VaultError` with code `.machineKeyUnavailable` and what is wrong: missing, of the wrong length, inside
    ///   the data directory, or open to others.
    func read() throws(VaultError) -> SecretBytes {
        switch self {
        case .keyFile(let path, let dataDirectory):
            try Self.checkOutside(path, dataDirectory)
            return try Self.readKey(path, isPrivate: true)
        case .systemdCredential(let directory, let name):
            guard !name.isEmpty, name != ".", name != "..", !name.contains("/") else {
                throw Self.unusable("its credential's name is no file name")
            }
            return try Self.readKey(directory + "/" + name, isPrivate: false)
        }
    }

    /// Reads the key, or makes the key file when there is none.
    func readOrMake() throws(VaultError) -> SecretBytes {
        if case .keyFile(let path, let dataDirectory) = self {
            try Self.checkOutside(path, dataDirectory)
            var attributes = stat()
            if lstat(path, &attributes) != 0, errno == ENOENT { try Self.makeKey(path) }
        }
        return try self.read()
    }

    private static func readKey(_ path: String, isPrivate: Bool) throws(VaultError) -> SecretBytes {
        do {
            let file = try OpenFile(path, flags: O_RDONLY | O_NONBLOCK)
            let attributes = try file.attributes
            guard attributes.st_mode & S_IFMT == S_IFREG else { throw self.unusable("it is not a regular file") }
            guard attributes.st_size == self.keyLength else { throw self.unusable("it must have exactly 32 bytes") }
            if isPrivate {
                guard attributes.st_mode & 0o077 == 0 else {
                    throw self.unusable("others can read it", hint: "Run chmod 600 on the key file.")
                }
                guard attributes.st_uid == geteuid() || attributes.st_uid == 0 else {
                    throw self.unusable("it belongs to another user")
                }
            }
            return try SecretBytes(count: self.keyLength) { buffer in
                guard try file.fill(buffer) == self.keyLength else {
                    throw self.unusable("it must have exactly 32 bytes")
                }
            }
        } catch let error as VaultError {
            throw error
        } catch {
            throw self.unusable("it cannot be opened", underlying: error)
        }
    }

    private static func makeKey(_ path: String) throws(VaultError) {
        do {
            let file = try OpenFile(path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            let key = SecretBytes(count: self.keyLength) { buffer in
                var generator = SystemRandomNumberGenerator()
                for index in buffer.indices { buffer[index] = .random(in: .min ... .max, using: &generator) }
            }
            do {
                try key.withBytes { try file.append($0) }
                try file.synchronize()
                try OpenFile.synchronizeFolder(of: path)
            } catch {
                // Half a key would be in the way of the next attempt.
                unlink(path)
                throw error
            }
        } catch {
            throw self.unusable("it cannot be made", underlying: error)
        }
    }

    /// Refuses a key file below the data directory, links resolved.
    private static func checkOutside(_ path: String, _ dataDirectory: String) throws(VaultError) {
        let folder = (path as NSString).deletingLastPathComponent
        guard let parent = self.resolved(folder.isEmpty ? "." : folder) else {
            throw self.unusable("its directory does not exist")
        }
        guard let data = self.resolved(dataDirectory) else { throw self.unusable("the data directory does not exist") }
        guard parent != data, !parent.hasPrefix(data == "/" ? data : data + "/") else {
            throw self.unusable("it lies in the data directory", hint: "Keep the key file apart from the data.")
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func unusable(
        _ reason: String,
        hint: String? = nil,
        underlying: (any Error)? = nil
    ) -> VaultError {
        VaultError(
            .machineKeyUnavailable,
            message: "The machine key cannot be used: \(reason).",
            hint: hint,
            underlying: underlying
        )
    }
}
