/// Where to reach a server that speaks another protocol than HTTP: `tcp://host:port` or `tls://host:port`.
///
/// Hosts are read as strictly as those of web addresses.
public struct SocketPlace: Sendable, Hashable {
    let address: WebAddress

    /// Whether the connection is secured.
    public var isSecure: Bool { self.address.isSecure }
    /// The host as it was written, in lower case, without brackets.
    public var host: String { self.address.hostText }
    public var port: Int { self.address.port }

    /// - Parameter defaultPort: the port when the text names none.
    /// - Throws: `NetError` with code `.invalidAddress`.
    public init(_ text: String, defaultPort: Int) throws(NetError) {
        let invalid = NetError(
            .invalidAddress,
            message: "The address is not like tls://host:\(defaultPort).",
            hint: "Write tcp:// or tls://, the host and, after a colon, the port."
        )
        guard let colon = text.utf8.firstIndex(of: 0x3a), text.utf8[colon...].starts(with: "://".utf8) else {
            throw invalid
        }
        let scheme: String
        switch text[..<colon].lowercased() {
        case "tcp": scheme = "http"
        case "tls": scheme = "https"
        default: throw invalid
        }
        let place = text[colon...].dropFirst(3)
        guard !place.utf8.contains(where: { $0 == 0x2f || $0 == 0x3f || $0 == 0x23 }) else { throw invalid }
        let hasPort = (place.split(separator: "]", omittingEmptySubsequences: false).last ?? "").utf8.contains(0x3a)
        self.address = try WebAddress("\(scheme)://\(place)\(hasPort ? "" : ":\(defaultPort)")")
    }

    /// The reach of a place that the user entered: see `EgressReach.entered`.
    public func reach(allowsPrivateAddresses: Bool = false) -> EgressReach {
        .entered(self.address, allowsPrivateAddresses: allowsPrivateAddresses)
    }
}
