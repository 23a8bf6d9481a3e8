public import CherryVault
public import Foundation
import Synchronization

/// A key store that forgets everything with the process and can be made to fail.
///
/// `failing` decides before each save, counted from 1, whether that save fails before anything is kept (`.before`),
/// or after (`.after`, as when the machine stops between the write and the answer).
public final class InMemoryKeyStore: KeyStore {
    /// When a save fails.
    public enum Failure: Sendable { case before, after }

    /// The failure that was asked for.
    public struct Crash: Error {}

    private struct State {
        var header: Data?
        var saves = 0
    }

    private let state: Mutex<State>
    private let failing: @Sendable (Int) -> Failure?

    /// Creates a store that holds `header`.
    public init(_ header: Data? = nil, failing: @escaping @Sendable (Int) -> Failure? = { _ in nil }) {
        self.state = Mutex(State(header: header))
        self.failing = failing
    }

    /// What is kept now.
    public var header: Data? {
        get { self.state.withLock { $0.header } }
        set { self.state.withLock { $0.header = newValue } }
    }

    /// How many saves were tried.
    public var saves: Int { self.state.withLock { $0.saves } }

    public func load() throws -> Data? { self.header }

    public func save(_ header: Data) throws {
        try self.state.withLock { state in
            state.saves += 1
            let failure = self.failing(state.saves)
            if failure == .before { throw Crash() }
            state.header = header
            if failure == .after { throw Crash() }
        }
    }

    public func erase() throws { self.header = nil }
}
