import CherryCore
import Foundation

/// The two small files by which a run tells the next one how it ended: `run.json` and `crash.log` in a folder of their
/// own.
public struct RunFiles: Sendable {
    private let folder: String

    /// - Parameter folder: is made when it is needed.
    public init(folder: String) { self.folder = folder }

    /// Where the runtime writes when the program crashes.
    public var crashLog: String { "\(self.folder)/crash.log" }
    private var marker: String { "\(self.folder)/run.json" }

    /// What the run before left behind, and forgets it; `nil` when it ended well.
    func takePrevious() -> (marker: RunMarker, crash: String?)? {
        defer { self.clear() }
        guard let bytes = FileManager.default.contents(atPath: self.marker), let marker = RunMarker(bytes: Array(bytes))
        else { return nil }
        let crash = FileManager.default.contents(atPath: self.crashLog).map { data in
            String(decoding: data.prefix(1024 * 1024), as: UTF8.self)
        }
        return (marker, crash)
    }

    /// Leaves a marker in place of the one before.
    ///
    /// - Throws: when the folder cannot be written to.
    func write(_ marker: RunMarker) throws {
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        try Data(marker.bytes).write(to: URL(filePath: self.marker), options: .atomic)
    }

    /// Says that this run ends well.
    func clear() {
        for path in [self.marker, self.crashLog] {
            try? FileManager.default.removeItem(atPath: path)  // not there, or seen again at the next start
        }
    }
}
