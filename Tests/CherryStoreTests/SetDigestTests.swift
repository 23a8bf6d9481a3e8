import CherryCore
import CherryStore
import Foundation
import Testing

@Suite("The digest of a set of rows")
struct SetDigestTests {
    private static func term(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }
    private static func randomTerm() -> [UInt8] { (0..<32).map { _ in UInt8.random(in: .min ... .max) } }

    @Test("adding and taking away in any order gives the digest of what is left")
    func orderDoesNotMatter() {
        let terms = (0..<50).map { _ in Self.randomTerm() }
        var forward = SetDigest()
        for term in terms { forward.add(term, in: .messages) }
        for term in terms.prefix(20) { forward.subtract(term, in: .messages) }
        var backward = SetDigest()
        for term in terms.dropFirst(20).reversed() { backward.add(term, in: .messages) }
        #expect(forward == backward)
        #expect(forward.count == 30)
    }

    @Test("sums carry through all limbs and wrap at 2^256")
    func carries() {
        var digest = SetDigest()
        digest.add(Self.term(0xff), in: .messages)
        var one = Self.term(0)
        one[31] = 1
        digest.add(one, in: .messages)
        #expect(digest.sum == Self.term(0))
        digest.subtract(one, in: .messages)
        #expect(digest.sum == Self.term(0xff))
        #expect(digest.count == 1)
    }

    @Test("a sum is big-endian arithmetic")
    func knownSum() {
        var digest = SetDigest()
        digest.add(Self.term(0x80), in: .messages)
        digest.add(Self.term(0x80), in: .messages)
        #expect(digest.sum == [UInt8](repeating: 1, count: 31) + [0])
    }

    @Test("the same terms in another collection are another digest")
    func collections() {
        var one = SetDigest()
        one.add(Self.term(1), in: .messages)
        var other = SetDigest()
        other.add(Self.term(1), in: .personas)
        #expect(!one.countsSameRows(as: other))
        #expect(one.difference(from: other).counts == [.messages: 1, .personas: -1])
    }

    @Test("what is encoded is read back")
    func roundTrip() throws {
        var digest = SetDigest()
        for _ in 0..<5 { digest.add(Self.randomTerm(), in: .messages) }
        digest.subtract(Self.randomTerm(), in: .devices)
        digest.movedTo = 3
        #expect(SetDigest(encoded: digest.encoded) == digest)
        #expect(SetDigest(encoded: SetDigest().encoded) == SetDigest())
    }

    @Test("nothing that is cut or has another version is read")
    func refuses() {
        var digest = SetDigest()
        digest.add(Self.randomTerm(), in: .messages)
        let data = digest.encoded
        let whole = [data.count, SetDigest().encoded.count]  // without counts it is the digest of no rows
        for length in 0..<data.count where !whole.contains(length) {
            #expect(SetDigest(encoded: data.prefix(length)) == nil)
        }
        #expect(SetDigest(encoded: Data([2]) + data.dropFirst()) == nil)
        #expect(SetDigest(encoded: data + Data([200])) == nil)
    }
}
