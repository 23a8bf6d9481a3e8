import CherryCore
import Testing

@testable import CherryObservability

@Suite("Sentry DSN")
struct SentryDSNTests {
    @Test("A DSN is taken apart into address, key and project")
    func parts() throws {
        let dsn = try SentryDSN("https://abc123@sentry.example.com/42")
        #expect(dsn.base == "https://sentry.example.com")
        #expect(dsn.publicKey.exposed == "abc123")
        #expect(dsn.project == "42")
        #expect(dsn.envelopeURL == "https://sentry.example.com/api/42/envelope/")
        #expect(
            dsn.authorization(client: "cherry/1.0")
                == "Sentry sentry_version=7, sentry_client=cherry/1.0, sentry_key=abc123"
        )
    }

    @Test("A path, a port and a second key are understood, and the second key is left out")
    func longForm() throws {
        let dsn = try SentryDSN("http://public:secret@127.0.0.1:8000/some/path/7")
        #expect(dsn.envelopeURL == "http://127.0.0.1:8000/some/path/api/7/envelope/")
        #expect(!dsn.authorization(client: "c/1").contains("secret"))
    }

    @Test(
        "What is no DSN is refused, in words that do not repeat it",
        arguments: [
            "", "https://", "sentry.example.com/1", "https://sentry.example.com/1", "https://@sentry.example.com/1",
            "https://key@sentry.example.com", "https://key@sentry.example.com/", "https://key@/1", "ftp://key@host/1",
            "https://key@host/1?x=1", "https://key@ho st/1", "https://k\u{e9}y@host/1", "https://key@host/1\nX: y",
            "https://a:b:c@host/1", "https://key@other@host/1", "https://key@host/1/../2 ",
        ]
    )
    func refusals(text: String) {
        let error = #expect(throws: SentryError.self) { try SentryDSN(text) }
        #expect(error?.code == .invalidDSN)
        if text.count > 12 { #expect(error?.message.contains(text) == false) }
    }

    @Test("Neither description shows the key")
    func description() throws {
        let dsn = try SentryDSN("https://abc123@sentry.example.com/42")
        #expect(!"\(dsn)".contains("abc123"))
        #expect(!String(reflecting: dsn).contains("abc123"))
    }

    @Test("Another spelling is the same project only when address, key and project agree")
    func names() throws {
        let dsn = try SentryDSN("https://abc@sentry.example.com/42")
        #expect(dsn.names("https://abc:old@sentry.example.com/42"))
        for other in [
            "https://abd@sentry.example.com/42", "https://abc@sentry.example.com/43", "https://abc@evil.example/42",
            "x",
        ] {
            #expect(!dsn.names(other))
        }
    }
}
