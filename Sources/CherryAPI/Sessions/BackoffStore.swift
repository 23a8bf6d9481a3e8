public import Foundation

/// Where wrong attempts are counted across restarts. It lies outside the vault: it is needed while the vault is locked,
/// and holds nothing but a count and a time.
public struct BackoffStore: Sendable {
    /// What `save` was last given, or `nil` when there is none or it cannot be read.
    public var load: @Sendable () -> Data?
    /// Keeps a few bytes.
    public var save: @Sendable (Data) throws -> Void

    /// Joins the two halves.
    public init(load: @escaping @Sendable () -> Data?, save: @escaping @Sendable (Data) throws -> Void) {
        self.load = load
        self.save = save
    }

    /// Keeps the count in a small file, replaced as a whole.
    public static func file(path: String) -> BackoffStore {
        BackoffStore(
            // A file that is missing or unreadable means that nothing is known of earlier attempts.
            load: { try? Data(contentsOf: URL(fileURLWithPath: path)) },
            save: { try $0.write(to: URL(fileURLWithPath: path), options: .atomic) }
        )
    }
}
