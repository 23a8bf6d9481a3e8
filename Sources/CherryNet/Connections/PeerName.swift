import NIOSSL

/// Checks the name of a server beyond what NIOSSL does.
///
/// NIOSSL also takes a certificate for the address that was connected to, where a name was asked for. Certificates for
/// addresses are given out freely: whoever can answer for the resolver could then be any server. Its other checks, of
/// the chain and of the names where there are no addresses, hold as they are.
enum PeerName {
    /// Whether `certificate`, which NIOSSL accepted, is one for `name`.
    static func isProven(_ name: String, by certificate: NIOSSLCertificate) -> Bool {
        let names = certificate._subjectAlternativeNames()
        guard names.contains(where: { $0.nameType == .ipAddress }) else { return true }
        return names.contains { entry in
            entry.nameType == .dnsName && self.covers(String(decoding: entry.contents, as: UTF8.self), name)
        }
    }

    /// Whether an entry names `name`: as it is, or with an asterisk for the whole first label (RFC 9525, section 6.3).
    static func covers(_ entry: String, _ name: String) -> Bool {
        let entry = entry.lowercased()
        if entry == name { return true }
        guard entry.hasPrefix("*."), let dot = name.firstIndex(of: "."), dot != name.startIndex else { return false }
        let rest = name[dot...]
        return entry.dropFirst() == rest && rest.dropFirst().contains(".")
    }
}
