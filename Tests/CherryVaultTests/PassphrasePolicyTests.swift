import CherryCore
import Foundation
import Testing

@testable import CherryVault

@Suite("Passphrase policy")
struct PassphrasePolicyTests {
    /// A case that the web app runs too.
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let passphrase: String
        let weaknesses: [String]

        var testDescription: String { self.passphrase }
    }

    static func cases() throws -> [Case] {
        let url = packageRoot.appending(path: "Tests/Fixtures/passphrases.json")
        return try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
    }

    @Test("Each of the shared cases has exactly its weaknesses")
    func sharedCases() throws {
        let cases = try Self.cases()
        #expect(cases.count > 80)
        for example in cases {
            let found = PassphrasePolicy.check(example.passphrase).map(\.rawValue)
            #expect(found == example.weaknesses, "\(example.passphrase)")
        }
        let covered = Set(cases.flatMap(\.weaknesses))
        #expect(covered == Set(PassphrasePolicy.Weakness.allCases.map(\.rawValue)))
    }

    @Test("Refusing names every reason and never the passphrase")
    func require() {
        let error = expectError(.weakPassphrase) { try PassphrasePolicy.require(Secret("Dragon1")) }
        #expect(error?.message.contains("fewer than 12") == true)
        #expect(error?.message.contains("tried first") == true)
        #expect(error?.message.contains("ragon1") == false)
        #expect(throws: Never.self) { try PassphrasePolicy.require(Secret("an otter reads maps at noon")) }
    }

    @Test("The list is in order, without doubles, and as the rules compare it")
    func list() {
        let all = CommonPassphrases.all
        #expect(all.count > 800)
        #expect(all == Set(all).sorted())
        for word in all {
            #expect(word.count >= 4)
            #expect(word.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }, "\(word)")
        }
    }

    @Test("The web app has the same list")
    func webList() throws {
        let url = packageRoot.appending(path: "web/src/lib/common-passphrases.json")
        #expect(try JSONDecoder().decode([String].self, from: Data(contentsOf: url)) == CommonPassphrases.all)
    }

    @Test("Checking stays quick on absurd input")
    func long() {
        #expect(PassphrasePolicy.check(String(repeating: "a", count: 20_000)).contains(.repeated))
        #expect(PassphrasePolicy.check(String(repeating: "\u{1F352}", count: 12)) == [.fewCharacters, .repeated])
    }
}
