public import CherryCache
public import CherryCore
import Crypto
import Foundation
import Synchronization

/// Gives the very same request of the very same token the very same answer again, for as long as the token says.
///
/// Sealed under a key that is made at each unlock, lives in memory and goes at the lock, so that a cache outside of this
/// process learns nothing. Only whole answers without a fault are kept.
public final class AnswerCache: Sendable {
    /// Bytes of one answer; a longer one is not kept.
    public static let longestAnswer = 1 << 20
    private static let space = "answers"

    private let cache: any Cache
    private let key = Mutex<SymmetricKey?>(nil)

    init(_ cache: any Cache) { self.cache = cache }

    /// Names a request of a token; `nil` while the vault is locked.
    public struct Name: Sendable {
        fileprivate let key: CacheKey
    }

    func open() {
        self.key.withLock { if $0 == nil { $0 = SymmetricKey(size: .bits256) } }
    }

    func close() async {
        self.key.withLock { $0 = nil }
        // What cannot be removed cannot be read either.
        try? await self.cache.removeAll(in: Self.space)
    }

    /// The name under which an answer is kept: the token, the API and every byte of the request enter it.
    public func name(token: RecordID, api: String, body: [UInt8]) -> Name? {
        guard let key = self.key.withLock({ $0 }) else { return nil }
        var code = HMAC<SHA256>(key: key)
        code.update(data: token.bytes)
        code.update(data: Array(api.utf8) + [0])
        code.update(data: body)
        return Name(key: CacheKey(space: Self.space, bytes: Array(code.finalize())))
    }

    /// The answer, if it is there.
    public func answer(_ name: Name) async -> [UInt8]? {
        // A cache that cannot be reached, or holds something else, is one without the answer.
        guard let key = self.key.withLock({ $0 }), let sealed = try? await self.cache.value(for: name.key),
            let box = try? AES.GCM.SealedBox(combined: sealed),
            let plain = try? AES.GCM.open(box, using: key, authenticating: name.key.bytes)
        else { return nil }
        return Array(plain)
    }

    /// Keeps a whole answer.
    public func keep(_ answer: [UInt8], as name: Name, for lifetime: Duration) async {
        guard answer.count <= Self.longestAnswer, let key = self.key.withLock({ $0 }),
            let box = try? AES.GCM.seal(answer, using: key, authenticating: name.key.bytes),
            let sealed = box.combined
        else { return }
        // A cache that cannot take it is one without the answer.
        try? await self.cache.put(Array(sealed), for: name.key, lifetime: lifetime)
    }

    /// How many answers are kept, and their bytes.
    public func statistics() async throws -> CacheStatistics { try await self.cache.statistics(of: Self.space) }

    /// Forgets all answers.
    public func purge() async throws { try await self.cache.removeAll(in: Self.space) }
}
