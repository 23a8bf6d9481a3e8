/// What the address of a provider may look like. Whether it may be reached is decided when it is.
enum ProviderAddress {
    /// What is wrong with `text`, or `nil`.
    ///
    /// The form is the one that the interface's document gives as a pattern:
    /// scheme `http` or `https`, a host name or IPv4 address or bracketed IPv6 address, a port if any, and a path of
    /// plain characters; no user, no fragment, and of queries only the version and the region that some providers need.
    static func complaint(about text: String) -> String? {
        var rest = Substring(text)
        if rest.hasPrefix("https://") {
            rest.removeFirst(8)
        } else if rest.hasPrefix("http://") {
            rest.removeFirst(7)
        } else {
            return "must begin with http:// or https://"
        }
        if rest.contains("@") { return "must not contain a user name or password" }
        if rest.contains("#") { return "must not contain a fragment" }
        if let mark = rest.firstIndex(of: "?") {
            guard Self.isKnownQuery(rest[mark...].dropFirst()) else {
                return "must not contain a query other than api-version or region"
            }
            rest = rest[..<mark]
        }
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard let port = Self.port(after: authority) else { return "must name a host" }
        if !port.isEmpty, !(1...65535).contains(Int(port) ?? 0) { return "must have a port from 1 to 65535" }
        guard path.utf8.allSatisfy(Self.isPathByte) else { return "must have a path of plain characters" }
        return nil
    }

    private static func isKnownQuery(_ query: Substring) -> Bool {
        let parts = query.split(separator: "=", omittingEmptySubsequences: false)
        return parts.count == 2 && ["api-version", "region"].contains(parts[0]) && !parts[1].isEmpty
            && parts[1].utf8.allSatisfy(Self.isHostByte)
    }

    /// Checks the host and returns the digits of the port, empty when there is none; `nil` when the host is not one.
    private static func port(after authority: Substring) -> Substring? {
        let host: Substring
        let rest: Substring
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard !host.isEmpty,
                host.utf8.allSatisfy({ Self.isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority.dropFirst(host.count)
            guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(Self.isHostByte) else { return nil }
        }
        if rest.isEmpty { return rest }
        let digits = rest.dropFirst()
        guard rest.first == ":", (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(Self.isDigit) else {
            return nil
        }
        return digits
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        Self.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        Self.isLetter(byte) || Self.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_")
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        Self.isHostByte(byte) || "/~%+:,;=!$&'()*".utf8.contains(byte)
    }
}
