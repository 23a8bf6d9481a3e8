import Testing

@testable import CherryNet

@Suite("Web addresses")
struct WebAddressTests {
    @Test(
        "An address is taken apart",
        arguments: [
            ("http://example.com", "example.com", 80, "example.com", "/"),
            ("HTTPS://Example.COM", "example.com", 443, "example.com", "/"),
            ("https://example.com:8443/v1?x=1&y=%20#part", "example.com", 8443, "example.com:8443", "/v1?x=1&y=%20"),
            ("http://example.com:80/", "example.com", 80, "example.com", "/"),
            ("http://example.com:443", "example.com", 443, "example.com:443", "/"),
            ("https://example.com?x", "example.com", 443, "example.com", "/?x"),
            ("https://example.com#x/y", "example.com", 443, "example.com", "/"),
            ("http://under_score-1/a//b/../c", "under_score-1", 80, "under_score-1", "/a//b/../c"),
            ("http://10.0.0.1:5000/v1", "10.0.0.1", 5000, "10.0.0.1:5000", "/v1"),
            ("http://[2001:DB8::1]:5000/v1", "2001:db8::1", 5000, "[2001:db8::1]:5000", "/v1"),
            ("https://[::1]", "::1", 443, "[::1]", "/"),
            ("http://a/ü b\"|", "a", 80, "a", "/%C3%BC%20b%22%7C"),
            ("http://a/x@y:z", "a", 80, "a", "/x@y:z"),
        ]
    )
    func parts(_ url: String, _ host: String, _ port: Int, _ field: String, _ target: String) throws {
        let address = try WebAddress(url)
        #expect(address.hostText == host)
        #expect(address.port == port)
        #expect(address.hostField == field)
        #expect(address.target == target)
        #expect(address.isSecure == url.lowercased().hasPrefix("https"))
    }

    @Test("A host that is an address is known as one")
    func literals() throws {
        #expect(try WebAddress("http://1.2.3.4").host == .address(.v4(0x0102_0304)))
        #expect(try WebAddress("http://[::ffff:1.2.3.4]").host == .address(.v6(0xffff_0102_0304)))
        #expect(try WebAddress("http://1.2.3.4.com").host == .name("1.2.3.4.com"))
    }

    @Test(
        "What has two readings is refused",
        arguments: [
            "", "http:", "http:/", "http://", "http:///path", "//example.com", "example.com", "ftp://example.com",
            "http//example.com", "http:example.com", "http://:80", "http://example.com:", "http://example.com:0",
            "http://example.com:65536", "http://example.com:+80", "http://example.com:80:80", "http://example.com:8a",
            "http://user@example.com", "http://user:word@example.com", "http://@example.com", "http://example.com.",
            "http://.example.com", "http://a..b", "http://exa mple.com", "http://exa%6dple.com", "http://ex\\ample.com",
            "http://exämple.com", "http://example.com\r\nX: y", "http://example.com/\r\nX: y",
            "http://example.com/\u{0}",
            "http://\texample.com", " http://example.com", "http://2130706433", "http://0x7f000001",
            "http://0x7f.0.0.1",
            "http://0177.0.0.1", "http://017700000001", "http://127.1", "http://127.0.1", "http://127.0.0.1.",
            "http://127.0.0.256", "http://127.0.0.01", "http://1.2.3.4.5", "http://0", "http://0x", "http://a.1",
            "http://１２７.０.０.１", "http://127。0。0。1", "http://①27.0.0.1", "http://%31%32%37.0.0.1",
            "http://127%2e0.0.1", "http://[::1", "http://::1", "http://[::1]x", "http://[::1]:", "http://[]",
            "http://[127.0.0.1]", "http://[::1%25lo]", "http://[fe80::1%eth0]", "http://[::g]", "http://[1::2::3]",
        ]
    )
    func refusals(_ url: String) throws {
        let error = try #require(throws: NetError.self) { try WebAddress(url) }
        #expect(error.code == .invalidAddress)
    }
}
