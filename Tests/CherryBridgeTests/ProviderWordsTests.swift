import CherryCore
import Testing

@testable import CherryBridge

@Suite("A provider's own words")
struct ProviderWordsTests {
    private func quote(_ text: String?, key: String? = nil, user: [String] = []) -> String {
        ProviderWords(apiKey: key.map { Secret($0) }, userTexts: user).quote(text)
    }

    @Test("They are quoted on one line, short and without control characters")
    func plain() {
        #expect(self.quote("Too many\r\nrequests\u{7}\u{202E}") == " It says: “Too many  requests  ”")
        #expect(self.quote(nil).isEmpty)
        #expect(self.quote("").isEmpty)
        #expect(self.quote(String(repeating: "ü", count: 400)) == " It says: “\(String(repeating: "ü", count: 300))…”")
    }

    @Test("A key in them is blotted out")
    func key() {
        #expect(self.quote("Wrong key sk-123.", key: "sk-123") == " It says: “Wrong key [key].”")
    }

    @Test("They are not shown when they repeat what the user wrote, whole or in part")
    func echo() {
        let secret = "My doctor says that the result of the biopsy is positive."
        #expect(self.quote("Cannot read: says that the result of the biopsy", user: ["Hi", secret]).isEmpty)
        #expect(self.quote("Bad input 'password1'", user: [" password1\n"]).isEmpty)
        #expect(self.quote("No", user: ["Note"]) == " It says: “No”")
        #expect(self.quote("The model is overloaded at the moment.", user: [secret, "Hi"]).isEmpty == false)
    }
}
