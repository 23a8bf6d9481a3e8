import CherryCore
import Crypto
import Foundation

/// Who signs requests to AWS.
struct AWSCredentials: Sendable {
    let accessKeyID: String
    let secretAccessKey: Secret<String>
    /// Comes with temporary credentials.
    let sessionToken: Secret<String>?
}

/// Signs requests to AWS (AWS documentation, "AWS Signature Version 4 for API requests").
struct AWSSignature: Sendable {
    let credentials: AWSCredentials
    let region: String
    let service: String
    let date: Date

    /// The headers that carry the signature of a request: date, session token, authorization.
    ///
    /// - Parameters:
    ///   - url: as it is sent, percent-encoded.
    ///   - headers: what else is signed. `Host` is added.
    func headers(
        method: String,
        url: String,
        headers: [(name: String, value: String)],
        body: [UInt8]
    ) -> [(name: String, value: String)] {
        let time = self.date.formatted(
            Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt)
        )
        let address = Address(url)
        var added = [(name: "X-Amz-Date", value: time)]
        if let token = self.credentials.sessionToken { added.append(("X-Amz-Security-Token", token.exposed)) }
        let signed = (headers + added + [("Host", address.host)])
            .map { (name: $0.name.lowercased(), value: Self.trimmed($0.value)) }
            .sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let canonical =
            [method, address.canonicalPath, address.canonicalQuery]
            + signed.map { "\($0.name):\($0.value)" } + ["", names, SHA256.hash(data: body).hexadecimal]
        let scope = "\(time.prefix(8))/\(self.region)/\(self.service)/aws4_request"
        let digest = SHA256.hash(data: Array(canonical.joined(separator: "\n").utf8)).hexadecimal
        let text = ["AWS4-HMAC-SHA256", time, scope, digest].joined(separator: "\n")
        let signature = Self.code(text, self.key(for: scope)).hexadecimal
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(self.credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(names), Signature=\(signature)"
        return added + [("Authorization", authorization)]
    }

    /// The key of one day, region and service.
    private func key(for scope: String) -> SymmetricKey {
        let secret = SymmetricKey(data: Array("AWS4\(self.credentials.secretAccessKey.exposed)".utf8))
        return scope.split(separator: "/").reduce(secret) { key, part in
            SymmetricKey(data: Self.code(String(part), key))
        }
    }

    private static func code(_ text: String, _ key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }

    /// Without spaces around it, and with one where there were several.
    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }
}

extension AWSSignature {
    /// The parts of an address in the form in which they are signed.
    struct Address {
        /// With the port, unless it is the scheme's own.
        let host: String
        /// Encoded once more than it is sent, as all services but S3 want it.
        let canonicalPath: String
        /// The parameters in order.
        let canonicalQuery: String

        init(_ url: String) {
            let scheme = url.prefix { $0 != ":" }.lowercased()
            let rest = url.dropFirst(scheme.count + 3)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            let target = rest.dropFirst(authority.count)
            let path = target.prefix { $0 != "?" }
            let host = authority.lowercased()
            let ownPort = scheme == "https" ? ":443" : ":80"
            self.host = host.hasSuffix(ownPort) ? String(host.dropLast(ownPort.count)) : host
            let segments = path.split(separator: "/", omittingEmptySubsequences: false).map { String($0).pathSegment }
            self.canonicalPath = path.isEmpty ? "/" : segments.joined(separator: "/")
            let parameters = target.dropFirst(path.count + 1).split(separator: "&").map { text in
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
            }
            self.canonicalQuery =
                parameters
                .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
                .map { "\($0.name)=\($0.value)" }
                .joined(separator: "&")
        }
    }
}
