public import CherryCore

/// Which addresses are this machine, by their text alone: what a name resolves to could change.
enum MachineAddress {
    /// Whether the host of `url` is `localhost`, an address of 127.0.0.0/8, or `::1`.
    static func isLoopback(_ url: String) -> Bool {
        guard let scheme = url.ranges(of: "://").first else { return false }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { return false }
        if authority.first == "[" { return authority.hasPrefix("[::1]") }
        let host = authority.prefix { $0 != ":" }.lowercased()
        if host == "localhost" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                part.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(part) != nil
            }
    }
}

extension Provider {
    /// Whether asking it for `model` keeps what is said on this machine.
    public func keepsLocal(_ model: String) -> Bool {
        MachineAddress.isLoopback(self.baseURL) && self.kind.keepsLocal(model)
    }
}

extension Provider.Kind {
    /// Whether a server of this kind answers for `model` itself. Ollama passes the requests of some models on.
    func keepsLocal(_ model: String) -> Bool {
        let name = model.lowercased()
        return self != .ollama || !(name.hasSuffix("-cloud") || name.hasSuffix(":cloud"))
    }
}
