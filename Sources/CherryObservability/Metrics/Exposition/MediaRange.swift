/// One of the media types that a client accepts.
struct MediaRange: Sendable, Hashable {
    /// Longer headers are not read to their end.
    static let maximumCount = 32

    /// Lower case: `text`, `*`.
    let type: String
    let subtype: String
    /// Names in lower case; `charset` and what follows `q` are left out.
    let parameters: [String: String]
    /// Thousandths, 0 to 1000.
    let quality: Int

    /// What can be read of a header; what cannot is passed over.
    static func all(in header: String) -> [MediaRange] {
        Self.split(header, at: 0x2C).prefix(Self.maximumCount).compactMap(MediaRange.init)
    }

    init?(_ text: [UInt8]) {
        let parts = Self.split(text, at: 0x3B)
        let names = Self.split(parts[0], at: 0x2F).map(Self.word)
        guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty, names[0] != "*" || names[1] == "*" else {
            return nil
        }
        self.type = names[0].lowercased()
        self.subtype = names[1].lowercased()
        var parameters: [String: String] = [:]
        var quality = 1000
        for part in parts.dropFirst() {
            let pair = Self.word(part).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            let name = Self.word(Array(pair[0].utf8)).lowercased()
            let value = Self.unquoted(Self.word(Array(pair[1].utf8)))
            if name == "q" {
                guard let number = Self.thousandths(value) else { return nil }
                quality = number
                break
            }
            if name != "charset" { parameters[name] = value }
        }
        self.parameters = parameters
        self.quality = quality
    }

    private init?(_ text: some Sequence<UInt8>) { self.init(Array(text)) }

    /// How closely it names what it includes: 0 for anything, 1 for a kind, more for a type and its parameters.
    var precision: Int {
        if self.type == "*" { return 0 }
        return self.subtype == "*" ? 1 : 2 + self.parameters.count
    }

    /// Whether it allows a form of exposition.
    func includes(_ format: ExpositionFormat) -> Bool {
        switch format {
        case .text: self.names("text", "plain", required: [:], optional: ["version": "0.0.4"])
        case .openMetrics:
            self.names("application", "openmetrics-text", required: [:], optional: ["version": "1.0.0"])
        case .protobuf:
            self.names(
                "application",
                "vnd.google.protobuf",
                required: ["proto": "io.prometheus.client.MetricFamily", "encoding": "delimited"],
                optional: [:]
            )
        }
    }

    private func names(
        _ type: String,
        _ subtype: String,
        required: [String: String],
        optional: [String: String]
    ) -> Bool {
        if self.type == "*" { return true }
        guard self.type == type else { return false }
        if self.subtype == "*" { return true }
        guard self.subtype == subtype, required.allSatisfy({ self.parameters[$0.key] == $0.value }) else {
            return false
        }
        return self.parameters.allSatisfy { name, value in
            required[name] == value || optional[name] == nil && required[name] == nil || optional[name] == value
        }
    }

    /// `0`, `1`, `0.5`, `0.125`: RFC 9110, 12.4.2.
    private static func thousandths(_ text: String) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0] == "0" || parts[0] == "1" else { return nil }
        let digits = parts.count == 2 ? parts[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let fraction = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        let value = parts[0] == "1" ? 1000 + fraction : fraction
        return value <= 1000 ? value : nil
    }

    /// Splits at a separator that does not stand between quotation marks.
    private static func split(_ text: some Sequence<UInt8>, at separator: UInt8) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var isQuoted = false
        var isEscaped = false
        for byte in text {
            if byte == separator, !isQuoted {
                parts.append([])
                continue
            }
            if isEscaped {
                isEscaped = false
            } else if byte == 0x22 {
                isQuoted.toggle()
            } else if byte == 0x5C, isQuoted {
                isEscaped = true
            }
            parts[parts.count - 1].append(byte)
        }
        return parts
    }

    private static func split(_ text: String, at separator: UInt8) -> [[UInt8]] { Self.split(text.utf8, at: separator) }

    private static func word(_ bytes: [UInt8]) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        return String(text.dropFirst().dropLast()).replacing("\\", with: "")
    }
}
