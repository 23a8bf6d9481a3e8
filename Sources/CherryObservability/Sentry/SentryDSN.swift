public import CherryCore

/// Where a Sentry server takes reports, and the key that it knows the project by:
/// `https://KEY@sentry.example.com/PATH/PROJECT`.
///
/// The format is that of the Sentry developer documentation, "Parsing the DSN". A second key after a colon is accepted and
/// left out: servers no longer ask for it.
public struct SentryDSN: Sendable, Equatable {
    /// The address up to the project, without a slash at its end: `https://sentry.example.com/path`.
    public let base: String
    public let publicKey: Secret<String>
    public let project: String

    /// Reads a DSN.
    ///
    /// - Throws: `SentryError` with code `.invalidDSN`.
    public init(_ text: String) throws(SentryError) {
        let scheme: String
        if text.hasPrefix("https://") {
            scheme = "https://"
        } else if text.hasPrefix("http://") {
            scheme = "http://"
        } else {
            throw Self.invalid("begins neither with https:// nor with http://")
        }
        let rest = text.dropFirst(scheme.count)
        guard rest.utf8.count <= 1024, rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw Self.invalid("holds characters that an address cannot have")
        }
        guard let at = rest.firstIndex(of: "@") else { throw Self.invalid("names no key before an @") }
        let keys = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let key = keys.first, Self.isName(key), keys.dropFirst().allSatisfy(Self.isName) else {
            throw Self.invalid("has a key that is not made of letters and digits")
        }
        let place = rest[rest.index(after: at)...]
        guard let slash = place.lastIndex(of: "/"), slash > place.startIndex else {
            throw Self.invalid("names no project after the last slash")
        }
        let project = place[place.index(after: slash)...]
        guard Self.isName(project) else { throw Self.invalid("names no project after the last slash") }
        let address = place[..<slash]
        guard address.first != "/", !address.contains("@"), !address.contains("?"), !address.contains("#") else {
            throw Self.invalid("names no host after the @")
        }
        self.base = scheme + address
        self.publicKey = Secret(String(key))
        self.project = String(project)
    }

    /// Where envelopes are posted.
    public var envelopeURL: String { "\(self.base)/api/\(self.project)/envelope/" }

    /// The value of `X-Sentry-Auth`.
    ///
    /// - Parameter client: name and version of the sender, `cherry/0.1.0`.
    func authorization(client: String) -> String {
        "Sentry sentry_version=7, sentry_client=\(client), sentry_key=\(self.publicKey.exposed)"
    }

    /// Whether another spelling means the same project; the browser's reports may name one.
    func names(_ other: String) -> Bool {
        guard let other = try? SentryDSN(other) else { return false }  // one that is none names nothing
        return other.publicKey == self.publicKey && other.project == self.project && other.base == self.base
    }

    private static func isName(_ text: Substring) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d || byte == 0x5f
            }
    }

    private static func invalid(_ what: String) -> SentryError {
        SentryError(
            .invalidDSN,
            "The DSN \(what).",
            hint: "Copy it from the project's settings; it looks like https://KEY@sentry.example.com/1."
        )
    }
}

extension SentryDSN: CustomStringConvertible {
    /// Says that there is one, and nothing else.
    public var description: String { "SentryDSN(<redacted>)" }
}
