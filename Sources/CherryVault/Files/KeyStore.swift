public import Foundation

/// Keeps the vault's header: one small document without any secret in clear.
///
/// Methods block; the document is a few kilobytes and written a handful of times a day.
public protocol KeyStore: Sendable {
    /// The header as it was saved last, or `nil` when none was.
    ///
    /// - Throws: when there is one and it cannot be read. It is never changed by reading.
    func load() throws -> Data?

    /// Replaces the header, durably, as a whole or not at all.
    func save(_ header: Data) throws

    /// Removes the header. Without it nothing sealed can ever be opened again.
    func erase() throws
}
