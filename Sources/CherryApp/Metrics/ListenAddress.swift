/// A host and a port to listen on: `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464`.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// Without brackets.
    public let host: String
    public let port: Int

    /// Reads what a person wrote.
    ///
    /// - Throws: `SettingsError`.
    public init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65535).contains(port)
        else { throw Self.refusal(of: text) }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { throw Self.refusal(of: text) }
        } else if host.contains(":") {
            throw Self.refusal(of: text)
        }
        let isPlain = host.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A: true
            default: false
            }
        }
        guard !host.isEmpty, isPlain else { throw Self.refusal(of: text) }
        self.host = String(host)
        self.port = port
    }

    public var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    private static func refusal(of text: String) -> SettingsError {
        SettingsError(
            setting: "CHERRY_METRICS_ADDRESS",
            message: "CHERRY_METRICS_ADDRESS must be a host and a port, not “\(text)”.",
            hint: "Set it to 127.0.0.1:9464, say, or leave it out to serve no figures."
        )
    }
}
