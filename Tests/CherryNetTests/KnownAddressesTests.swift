import Testing

@testable import CherryNet

@Suite("Remembered addresses")
struct KnownAddressesTests {
    @Test("An address reads the same whether it is remembered or not, also after many others")
    func same() throws {
        let known = KnownAddresses()
        let url = "http://Example.com:81/a?b"
        for number in 0..<200 {
            #expect(try known.address(url) == WebAddress(url))
            _ = try known.address("http://example.com/\(number)")
        }
    }

    @Test("What is no address is none a second time either")
    func invalid() {
        let known = KnownAddresses()
        for _ in 1...2 { #expect(throws: NetError.self) { try known.address("ftp://example.com") } }
    }
}
