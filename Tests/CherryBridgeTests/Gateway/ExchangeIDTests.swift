import CherryBridge
import Testing

@Suite("The names of exchanges")
struct ExchangeIDTests {
    @Test("Each is another one, of 24 letters and digits, and every letter comes up")
    func names() {
        let names = (0..<1000).map { _ in ExchangeID.make() }
        #expect(Set(names).count == 1000)
        #expect(names.allSatisfy { $0.utf8.count == 24 })
        #expect(Set(names.joined()) == Set("0123456789abcdefghijklmnopqrstuv"))
    }
}
