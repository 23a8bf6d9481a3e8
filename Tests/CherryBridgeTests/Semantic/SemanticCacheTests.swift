import CherryCache
import CherryCore
import Crypto
import Foundation
import Synchronization
import Testing

@testable import CherryBridge

@Suite("The semantic cache")
struct SemanticCacheTests {
    private let token = RecordID.make()

    @Test("The most alike answers, if it is alike enough")
    func threshold() throws {
        let fixture = SemanticFixture()
        let scope = try fixture.scope(self.token)
        fixture.keep("far", [1, 1], in: scope)
        fixture.keep("near", [1, 0.2], in: scope)
        let found = try #require(fixture.ask([1, 0], in: scope))
        #expect(found.answer == "answer to near")
        #expect(abs(found.similarity - 0.98058) < 0.0001)
        #expect(fixture.ask([1, 0], in: scope, 0.99) == nil)
        #expect(fixture.ask([1, 0.2], in: scope, 1)?.similarity == 1)
    }

    @Test("Another scope, another token and another part never answer")
    func scopes() throws {
        let fixture = SemanticFixture()
        fixture.keep("q", [1], in: try fixture.scope(self.token))
        #expect(fixture.ask([1], in: try fixture.scope(self.token)) != nil)
        #expect(fixture.ask([1], in: try fixture.scope(self.token, "t")) == nil)
        #expect(fixture.ask([1], in: try fixture.scope(.make())) == nil)
        let parts = [[1, 2], [3]] as [[UInt8]]
        let moved = [[1], [2, 3]] as [[UInt8]]
        #expect(fixture.cache.scope(of: parts, for: self.token) != fixture.cache.scope(of: moved, for: self.token))
        #expect(fixture.cache.holdsAnything(in: try fixture.scope(self.token)))
        #expect(!fixture.cache.holdsAnything(in: try fixture.scope(self.token, "t")))
    }

    @Test("The same question again takes the place of the older answer")
    func replaces() throws {
        let fixture = SemanticFixture()
        let scope = try fixture.scope(self.token)
        fixture.keep("q", [1], in: scope, "old")
        fixture.keep("q", [1], in: scope, "new")
        #expect(fixture.ask([1], in: scope)?.answer == "new")
        #expect(fixture.cache.statistics().entries == 1)
    }

    @Test("An answer goes after its time, and is not given when the token has come to want a shorter one")
    func expiry() throws {
        let fixture = SemanticFixture()
        let scope = try fixture.scope(self.token)
        fixture.keep("q", [1], in: scope)
        fixture.advance(by: .seconds(30))
        #expect(fixture.ask([1], in: scope, seconds: 30) == nil)
        #expect(fixture.ask([1], in: scope, seconds: 31) != nil)
        fixture.advance(by: .seconds(30))
        #expect(fixture.ask([1], in: scope, seconds: 3600) == nil)
        #expect(fixture.cache.statistics() == CacheStatistics())
        #expect(fixture.cache.entries(limit: 10).isEmpty)
    }

    @Test("A token's answers are bounded in number, and what was unused for longest goes first")
    func entries() throws {
        let fixture = SemanticFixture { $0.entriesPerToken = 2 }
        let (scope, other) = (try fixture.scope(self.token), try fixture.scope(.make()))
        fixture.keep("other", [1, 0, 0], in: other)
        fixture.keep("a", [1, 0, 0], in: scope)
        fixture.keep("b", [0, 1, 0], in: scope)
        #expect(fixture.ask([1, 0, 0], in: scope) != nil)
        fixture.keep("c", [0, 0, 1], in: scope)
        #expect(fixture.ask([1, 0, 0], in: scope)?.answer == "answer to a")
        #expect(fixture.ask([0, 1, 0], in: scope) == nil)
        #expect(fixture.ask([0, 0, 1], in: scope)?.answer == "answer to c")
        #expect(fixture.ask([1, 0, 0], in: other) != nil, "another token's answers stay")
    }

    @Test("A token's answers, and all together, are bounded in bytes", arguments: [true, false])
    func bytes(isOfOneToken: Bool) throws {
        let text = String(repeating: "x", count: 1000)
        let fixture = SemanticFixture { bounds in
            if isOfOneToken { bounds.bytesPerToken = 3000 } else { bounds.bytes = 3000 }
            bounds.longestAnswer = 1000
        }
        for number in 0..<10 {
            let scope = try fixture.scope(isOfOneToken ? self.token : .make(), "\(number)")
            fixture.keep("q\(number)", [1], in: scope, text)
        }
        let kept = fixture.cache.statistics()
        #expect(kept.entries == 2)
        #expect(kept.bytes <= 3000)
        #expect(fixture.cache.entries(limit: 10).map(\.question).sorted() == ["q8", "q9"])
        let scope = try fixture.scope(self.token, "long")
        fixture.keep("long", [1], in: scope, text + "x")
        #expect(fixture.ask([1], in: scope) == nil)
    }

    @Test("A lock forgets everything, and nothing of before is kept under the next key")
    func lock() throws {
        let fixture = SemanticFixture()
        let scope = try fixture.scope(self.token)
        fixture.keep("q", [1], in: scope)
        fixture.cache.close()
        #expect(fixture.cache.statistics() == CacheStatistics())
        #expect(fixture.cache.scope(of: [], for: self.token) == nil)
        #expect(fixture.ask([1], in: scope) == nil)
        fixture.keep("late", [1], in: scope)
        fixture.cache.open()
        fixture.keep("late", [1], in: scope)
        #expect(fixture.cache.statistics() == CacheStatistics())
        let next = try fixture.scope(self.token)
        #expect(next != scope)
    }

    @Test("What is kept is shown with what came of it, and is forgotten one by one, by token, or all at once")
    func purge() throws {
        let fixture = SemanticFixture()
        let other = RecordID.make()
        let scope = try fixture.scope(self.token)
        fixture.keep("a", [1, 0], in: scope)
        fixture.advance(by: .seconds(1))
        fixture.keep("b", [0, 1], in: scope)
        fixture.advance(by: .seconds(1))
        fixture.keep("c", [1], in: try fixture.scope(other))
        #expect(fixture.ask([1, 0], in: scope) != nil)
        #expect(fixture.ask([1, 0.3], in: scope) != nil)
        let all = fixture.cache.entries(limit: 10)
        try #require(all.map(\.question) == ["c", "b", "a"])
        #expect(all.map(\.hits) == [0, 0, 2])
        #expect(all.map(\.tokenID) == [other, self.token, self.token])
        #expect(all[0].similarity == nil && all[0].lastHitAt == nil)
        #expect(all[2].similarity?.upperBound == 1)
        #expect((0.95..<0.96).contains(all[2].similarity?.lowerBound ?? 0))
        #expect(all[2].expiresAt == all[2].keptAt + .seconds(60))
        #expect(all.reduce(0) { $0 + $1.bytes } == fixture.cache.statistics().bytes)
        #expect(fixture.cache.entries(of: self.token, limit: 1).map(\.question) == ["b"])
        #expect(fixture.cache.remove(all[1].id))
        #expect(!fixture.cache.remove(all[1].id))
        #expect(fixture.ask([0, 1], in: scope) == nil)
        fixture.cache.purge(of: self.token)
        #expect(fixture.cache.entries(limit: 10).map(\.question) == ["c"])
        fixture.cache.keepOnly([self.token])
        #expect(fixture.cache.statistics() == CacheStatistics())
    }

    @Test("What is kept opens only under its key, as what it is and where it belongs")
    func sealed() throws {
        let (key, plain) = (SymmetricKey(size: .bits256), Array("canary".utf8))
        let seal = try #require(SemanticSeal(plain, with: key, as: self.token, part: .answer))
        #expect(seal.combined.range(of: Data(plain)) == nil)
        #expect(seal.open(with: key, as: self.token, part: .answer) == plain)
        #expect(seal.open(with: key, as: self.token, part: .probe) == nil)
        #expect(seal.open(with: key, as: .make(), part: .answer) == nil)
        #expect(seal.open(with: SymmetricKey(size: .bits256), as: self.token, part: .answer) == nil)
    }
}
