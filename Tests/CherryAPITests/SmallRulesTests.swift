import CherryAssistant
import CherryCore
import Foundation
import Hummingbird
import HummingbirdCore
import Testing

@testable import CherryAPI

@Suite("Small rules")
struct SmallRulesTests {
    @Test(
        "A device is named after its browser and system",
        arguments: [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
                "Safari on Mac"
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Safari/537.36 Edg/138.0",
                "Edge on Windows"
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPhone"
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Mobile Safari/537.36",
                "Chrome on Android"
            ),
            ("curl/8.5.0", "curl"),
            ("nobody knows", "Unknown device"),
        ]
    )
    func userAgents(text: String, name: String) {
        #expect(UserAgentName.make(from: text) == name)
    }

    @Test("No user agent is an unknown device")
    func noUserAgent() {
        #expect(UserAgentName.make(from: nil) == "Unknown device")
    }

    private static let addresses: [(String, Bool)] = [
        ("https://api.example.com/v1", true), ("http://localhost:11434/v1", true), ("http://[::1]:8080/v1", true),
        ("https://api.example.com", true), ("https://api.example.com/", true), ("http://127.0.0.1:1/a%20b", true),
        ("ftp://example.com", false), ("https://", false), ("https://user:pass@example.com/v1", false),
        ("https://user@example.com", false), ("https://example.com/v1?key=1", false),
        ("https://example.com/v1#top", false), ("https://example.com:0/v1", false),
        ("https://example.com:99999/v1", false), ("https://example.com:/v1", false), ("https://exa mple.com", false),
        ("https://example.com/a b", false), ("https://[zz]/v1", false), ("//example.com", false), ("", false),
        ("javascript:alert(1)", false), ("https://example.com\n", false), ("https://exämple.com", false),
    ]

    @Test("The address of a provider is plain http or https", arguments: addresses)
    func providerAddresses(text: String, isGood: Bool) {
        #expect((ProviderAddress.complaint(about: text) == nil) == isGood)
    }

    @Test("The pattern in the document refuses what the server refuses but for ports that are no ports")
    func addressPattern() throws {
        let pattern = OpenAPIDocument.make(version: "1")["components"]["schemas"]["BaseURL"]["pattern"].text
        let regex = try NSRegularExpression(pattern: pattern)
        for (text, isGood) in Self.addresses where !text.contains(":0/") && !text.contains(":99999") {
            let range = NSRange(text.startIndex..., in: text)
            let match = regex.firstMatch(in: text, range: range)
            #expect((match?.range == range) == isGood, "\(text)")
        }
    }

    @Test(
        "A preference's key is words joined by dots",
        arguments: [
            ("appearance.scheme", true), ("a", true), ("a.B.9", true), ("Appearance", false), ("a..b", false),
            (".a", false), ("a.", false), ("9a", false), ("a-b", false), ("", false), ("ä", false),
            (String(repeating: "a", count: 64), true), (String(repeating: "a", count: 65), false),
        ]
    )
    func keys(text: String, isGood: Bool) {
        #expect(PreferenceRules.isKey(text) == isGood)
    }

    @Test("The idle limit is what the preference says, or a quarter of an hour")
    func idleLimit() {
        #expect(PreferenceRules.idleLimit(from: .integer(1)) == .seconds(60))
        #expect(PreferenceRules.idleLimit(from: .integer(1440)) == .seconds(86400))
        for value in [nil, JSONValue.integer(0), .integer(1441), .string("5"), .null] {
            #expect(PreferenceRules.idleLimit(from: value) == .seconds(900))
        }
    }

    @Test("An event id is two offsets and reads back")
    func eventIDs() throws {
        let cursor = TurnCursor(text: 1234, reasoning: 56)
        #expect(cursor.eventID == "1234.56")
        #expect(TurnCursor(eventID: "1234.56") == cursor)
        for text in ["", ".", "1", "1.", ".1", "1.2.3", "-1.2", "+1.2", "1.2 ", "a.b", "1.9999999999999", "١.٢"] {
            #expect(TurnCursor(eventID: text) == nil, "\(text)")
        }
    }

    @Test("A name carries a hash when it ends with a dash and eight capitals or digits")
    func hashedNames() {
        #expect(WebRoot.isHashed("/assets/app-ABCD1234.js"))
        #expect(WebRoot.isHashed("/app-ABCD1234.js.map"))
        for name in [
            "/app.js", "/app-abcd1234.js", "/jetbrains-monospace.woff2", "/app-ABC.js", "/ABCD1234.js", "/a-ABCD1234",
        ] {
            #expect(!WebRoot.isHashed(name), "\(name)")
        }
    }

    @Test("The hosts of this machine are known, with any port; others are not")
    func hosts() {
        var configuration = APIConfiguration(version: "1", publicURL: "https://Cherry.Example.org:8443")
        configuration.allowedHosts = ["Box.local"]
        let hosts = KnownHosts(configuration)
        for good in [
            "localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]", "[::1]:8000", "cherry.example.org", "box.local:80",
        ] {
            #expect(hosts.includes(good), "\(good)")
        }
        for bad in [
            "evil.example", "localhost.evil.example", "127.0.0.2", "[::2]", "", ":8000", "[::1", "localhost:x",
            "localhost:1@evil",
        ] {
            #expect(!hosts.includes(bad), "\(bad)")
        }
    }

    @Test("An origin is the server's own when scheme, host and port are the same, or it is the public one")
    func origins() {
        let hosts = KnownHosts(APIConfiguration(version: "1", publicURL: "https://cherry.example.org"))
        #expect(hosts.isOwn(origin: "http://localhost:8000", authority: "localhost:8000"))
        #expect(hosts.isOwn(origin: "https://cherry.example.org", authority: "127.0.0.1:8000"))
        #expect(!hosts.isOwn(origin: "http://localhost:8001", authority: "localhost:8000"))
        #expect(!hosts.isOwn(origin: "https://localhost:8000", authority: "localhost:8000"))
        #expect(!hosts.isOwn(origin: "null", authority: "localhost:8000"))
        #expect(!hosts.isOwn(origin: "https://evil.example", authority: "localhost:8000"))
    }

    @Test("A query is read strictly")
    func queries() throws {
        var query = try Query(URI("/x?limit=5&deleted=true&before=00000000-0000-7000-8000-000000000001&name=a%20b+c"))
        #expect(try query.integer("limit", in: 1...9, default: 1) == 5)
        #expect(try query.flag("deleted"))
        #expect(try query.id("before") == ModelReference.localProvider)
        #expect(query.text("name") == "a b c")
        try query.finish()
        for text in ["limit=0", "limit=10", "limit=", "limit=5.0", "limit=x"] {
            var query = try Query(URI("/x?\(text)"))
            #expect(throws: APIError.self) { try query.integer("limit", in: 1...9, default: 1) }
        }
        #expect(throws: APIError.self) { try Query(URI("/x?a=1&a=2")) }
        #expect(throws: APIError.self) { try Query(URI("/x?a=%ff")) }
        #expect(throws: APIError.self) { try Query(URI("/x?stray=1")).finish() }
    }
}
