import CherryCore
import Foundation
import Testing

@Suite("Secrets in memory")
struct SecretTests {
    static let word = "correct horse battery staple"

    @Test("A secret does not show itself, however it is printed")
    func redacted() {
        let secret = Secret(Self.word)
        var dumped = ""
        dump(secret, to: &dumped)
        struct Holder { let key: Secret<String> }
        var held = ""
        dump(Holder(key: secret), to: &held)
        for text in [
            "\(secret)", String(describing: secret), String(reflecting: secret), dumped, held,
            "\(Optional(secret) as Any)", "\([secret])", "\(Holder(key: secret))",
        ] {
            #expect(!text.contains("horse"), "\(text)")
        }
        #expect(secret.exposed == Self.word)
    }

    @Test("Key bytes show their number only")
    func bytes() {
        let key = SecretBytes(Array(Self.word.utf8))
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "<28 secret bytes>")
        #expect(!dumped.contains("99"))
        #expect(key.withBytes { Array($0) } == Array(Self.word.utf8))
    }

    @Test("A credential at rest does not print its value")
    func storedSecret() {
        let secret = StoredSecret(id: .make(), value: Self.word)
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!"\(secret)\(dumped)\(String(reflecting: secret))".contains("horse"))
    }

    @Test("Filling that fails leaves no buffer behind and passes the error on")
    func failedFill() {
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try SecretBytes(count: 32) { _ in throw Failure() }
        }
    }

    @Test("Wiping overwrites every byte")
    func wiping() {
        var bytes = Array(Self.word.utf8)
        bytes.withUnsafeMutableBytes { wipe($0) }
        #expect(bytes.allSatisfy { $0 == 0 })
        wipe(UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }
}
