public import CherryCore
import Foundation

/// Keeps the settings of telemetry in one file, sealed by the machine's operations key, so that a locked server can tell
/// what is wrong with it.
public struct TelemetryFile: Sendable {
    private static let address = OperationsAddress.credential(name: "telemetry")

    private let path: String
    private let sealer: @Sendable () throws -> any OperationsSealer

    /// - Parameter sealer: reads the machine's operations key, or makes it; asked only when there is something to open or
    ///   to seal.
    public init(path: String, sealer: @escaping @Sendable () throws -> any OperationsSealer) {
        self.path = path
        self.sealer = sealer
    }

    /// The settings, or `nil` where there are none yet.
    ///
    /// - Throws: `TelemetryError` with code `.unreadable`.
    public func read() throws -> TelemetrySettings? {
        guard FileManager.default.fileExists(atPath: self.path) else { return nil }
        let plain: [UInt8]
        do {
            plain = try self.sealer().open(Array(try Data(contentsOf: URL(filePath: self.path))), at: Self.address)
        } catch {
            throw TelemetryError(
                .unreadable,
                "The settings of telemetry do not open with this machine's operations key.",
                hint: "Put the key back that they were written with, or move telemetry.sealed away and set them anew."
            )
        }
        return try TelemetrySettings(bytes: plain)
    }

    /// Writes settings: whole, or not at all.
    public func write(_ settings: TelemetrySettings) throws {
        let sealed = try self.sealer().seal(settings.bytes, at: Self.address)
        try Data(sealed).write(to: URL(filePath: self.path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: self.path)
    }
}
