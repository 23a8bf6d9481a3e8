import Hummingbird

/// One file of the web app with its compressed forms, in memory.
struct WebFile: Sendable {
    /// One form of a file.
    struct Form: Sendable {
        let body: ByteBuffer
        /// A strong validator, with its quotes.
        let tag: String
    }

    /// How a file can be sent.
    enum Coding: String, Sendable, CaseIterable {
        // In order of preference: the smallest first.
        case brotli = "br"
        case gzip = "gzip"
        case identity

        /// What is added to the file's name on disk.
        var suffix: String {
            switch self {
            case .brotli: ".br"
            case .gzip: ".gz"
            case .identity: ""
            }
        }
    }

    let mediaType: String
    /// Whether the name changes with the content, so that it may be kept for ever.
    let isImmutable: Bool
    var forms: [Coding: Form] = [:]

    /// The smallest form that a client takes.
    func form(accepting header: String?) -> (coding: Coding, form: Form)? {
        let accepted = Self.accepted(header)
        for coding in Coding.allCases where coding == .identity || accepted.contains(coding.rawValue) {
            if let form = self.forms[coding] { return (coding, form) }
        }
        return nil
    }

    /// The codings of an `Accept-Encoding` header that are not refused with a weight of zero.
    private static func accepted(_ header: String?) -> Set<String> {
        var codings: Set<String> = []
        for item in (header ?? "").lowercased().split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let coding = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if weight > 0 { codings.insert(coding) }
        }
        return codings
    }
}
