/// The parts of an http or https URL (RFC 3986), taken apart strictly: what has two readings has none here.
///
/// Hosts are names of ASCII letters, digits, hyphens and underscores, four decimal numbers, or an IPv6 address in
/// brackets. Every other way to write an address (`2130706433`, `0x7f.1`, `0177.0.0.1`, `127.1`, percent signs, digits
/// of other scripts, zones, a dot at the end) is refused, since resolvers differ in what they make of it.
package struct WebAddress: Sendable, Hashable {
    enum Host: Sendable, Hashable {
        /// In lower case.
        case name(String)
        case address(IPAddress)
    }

    let isSecure: Bool
    let host: Host
    let port: Int
    /// The host as it was written, in lower case, without brackets: for people.
    let hostText: String
    /// Path and query, as the request line has them.
    let target: String

    /// The value of the `Host` field.
    var hostField: String {
        let name = self.hostText.utf8.contains(0x3a) ? "[\(self.hostText)]" : self.hostText
        return self.port == (self.isSecure ? 443 : 80) ? name : "\(name):\(self.port)"
    }

    /// - Throws: `NetError` with code `.invalidAddress`.
    package init(_ url: String) throws(NetError) {
        guard let colon = url.utf8.firstIndex(of: 0x3a), url.utf8[colon...].starts(with: "://".utf8) else {
            throw Self.invalid("The address is not a URL.")
        }
        switch url[..<colon].lowercased() {
        case "http": self.isSecure = false
        case "https": self.isSecure = true
        default: throw Self.invalid("The address does not begin with http or https.")
        }
        let rest = url.utf8[url.utf8.index(colon, offsetBy: 3)...]
        let end = rest.firstIndex { $0 == 0x2f || $0 == 0x3f || $0 == 0x23 } ?? rest.endIndex
        let authority = Substring(rest[..<end])
        guard !authority.isEmpty else { throw Self.invalid("The address names no host.") }
        guard !authority.utf8.contains(0x40) else {
            throw NetError(
                .invalidAddress,
                message: "The address carries a user name or a password.",
                hint: "Leave them out of the address and enter the key by itself."
            )
        }
        let place = try Self.split(authority)
        self.hostText = place.host
        self.host = try Self.host(place.host, isBracketed: place.isBracketed)
        self.port = try place.port.map(Self.port) ?? (self.isSecure ? 443 : 80)
        self.target = try Self.target(rest[end...])
    }

    private static func split(
        _ authority: Substring
    ) throws(NetError) -> (host: String, isBracketed: Bool, port: Substring?) {
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw Self.invalid("The address has half a bracket.") }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw Self.invalid("The address's host is not clear.") }
            let host = authority[authority.index(after: authority.startIndex)..<end].lowercased()
            return (host, true, rest.isEmpty ? nil : rest.dropFirst())
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw Self.invalid("An IPv6 address has brackets around it in a URL.") }
        return (parts[0].lowercased(), false, parts.count == 2 ? parts[1] : nil)
    }

    private static func host(_ text: String, isBracketed: Bool) throws(NetError) -> Host {
        if isBracketed {
            guard let address = IPAddress(v6: text[...]) else { throw Self.invalid("The IPv6 address is none.") }
            return .address(address)
        }
        guard !text.isEmpty else { throw Self.invalid("The address names no host.") }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { byte in
                    (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x5f
                }
        }
        guard isName, text.utf8.count <= 253, let last = labels.last else {
            throw Self.invalid("The address's host has characters that a host name cannot have.")
        }
        // What ends in a number is an address in one of its spellings (WHATWG URL, "ends in a number").
        guard last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) || Self.isHexadecimal(last) else {
            return .name(text)
        }
        guard let address = IPAddress(v4: text[...]) else {
            throw Self.invalid("An IPv4 address is written as four numbers from 0 to 255.")
        }
        return .address(address)
    }

    private static func isHexadecimal(_ label: Substring) -> Bool {
        label.hasPrefix("0x")
            && label.utf8.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func port(_ text: Substring) throws(NetError) -> Int {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(text), (1...65535).contains(port)
        else { throw Self.invalid("The address's port is no number from 1 to 65535.") }
        return port
    }

    /// Path and query; what a request line cannot carry is percent-encoded, and a fragment is left out.
    private static func target(_ rest: Substring.UTF8View) throws(NetError) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rest.count + 1)
        if rest.first != 0x2f { bytes.append(0x2f) }
        for byte in rest {
            if byte == 0x23 { break }
            guard byte >= 0x20, byte != 0x7f else { throw Self.invalid("The address holds a control character.") }
            if byte > 0x7f || Self.unsafe.contains(byte) {
                bytes.append(0x25)
                bytes += [byte >> 4, byte & 15].map { $0 < 10 ? 0x30 + $0 : 0x37 + $0 }
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let unsafe = Array(#" "<>\^`{|}"#.utf8)

    private static func invalid(_ message: String) -> NetError {
        NetError(.invalidAddress, message: message, hint: "Write it like https://api.example.com/v1.")
    }
}
