import Foundation

/// The names that this server answers to, and the origins that its own pages have.
struct KnownHosts: Sendable {
    /// Answered with any port.
    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    private let hosts: Set<String>
    private let publicOrigin: String?
    private let scheme: String

    /// Creates the lists from the configuration.
    init(_ configuration: APIConfiguration) {
        let origin = configuration.publicURL.flatMap(Self.origin)
        var hosts = Self.loopback.union(configuration.allowedHosts.map { $0.lowercased() })
        if let host = configuration.publicURL.flatMap({ URL(string: $0)?.host })?.lowercased() {
            hosts.insert(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host)
        }
        self.hosts = hosts
        self.publicOrigin = origin
        self.scheme = configuration.isTLS ? "https" : "http"
    }

    /// Whether a `Host` header names this server. The port does not matter: a browser's rebound name is a foreign name.
    func includes(_ authority: String) -> Bool {
        guard let host = Self.host(of: authority) else { return false }
        return self.hosts.contains(host)
    }

    /// Whether an `Origin` header is the one of this server's own pages, as seen by a client that sent `authority`.
    func isOwn(origin: String, authority: String) -> Bool {
        let origin = origin.lowercased()
        return origin == "\(self.scheme)://\(authority.lowercased())" || origin == self.publicOrigin
    }

    /// The host of `host`, `host:port` or `[address]:port`, in lower case.
    private static func host(of authority: String) -> String? {
        let text = authority.lowercased()
        let bytes = text.utf8
        let end: String.Index
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            end = bytes.index(after: bracket)
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        }
        let rest = bytes[end...]
        guard
            rest.isEmpty
                || (rest.first == UInt8(ascii: ":") && rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) })
        else { return nil }
        return String(text[..<end])
    }

    /// Scheme, host and port as a browser sends them: the usual port is left out.
    private static func origin(of address: String) -> String? {
        guard let parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased(),
            let host = parts.host?.lowercased()
        else { return nil }
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        let usual = scheme == "https" ? 443 : 80
        guard let port = parts.port, port != usual else { return "\(scheme)://\(name)" }
        return "\(scheme)://\(name):\(port)"
    }
}
