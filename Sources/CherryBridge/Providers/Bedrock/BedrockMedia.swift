import CherryCore

/// Writes images and documents in the form of Converse.
struct BedrockMedia {
    private static let documentFormats = [
        "application/pdf": "pdf", "text/csv": "csv", "application/msword": "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "application/vnd.ms-excel": "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx", "text/html": "html",
        "text/plain": "txt", "text/markdown": "md",
    ]
    private static let imageFormats = [
        "image/png": "png", "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/gif": "gif", "image/webp": "webp",
    ]

    /// Who is named when something cannot be written.
    let provider: String
    /// Names of documents so far: none may come twice.
    private var names: Set<String> = []
    /// How often a name was wanted.
    private var counts: [String: Int] = [:]

    init(provider: String) { self.provider = provider }

    func image(_ image: Media) throws -> JSONValue {
        try image.refuseLowDetail(by: self.provider)
        guard let format = image.type.flatMap({ Self.imageFormats[$0] }) else {
            throw BridgeError.unsupported("images of type \(image.type ?? "unknown")", by: self.provider)
        }
        return ["format": .string(format), "source": try self.source(image, what: "images")]
    }

    mutating func document(_ file: Media) throws -> JSONValue {
        guard let format = file.type.flatMap({ Self.documentFormats[$0] }) else {
            throw BridgeError.unsupported("files of type \(file.type ?? "unknown")", by: self.provider)
        }
        return [
            "format": .string(format), "name": .string(self.name(file.name)),
            "source": try self.source(file, what: "files"),
        ]
    }

    /// The API fetches nothing but what lies in its own store.
    private func source(_ media: Media, what: String) throws -> JSONValue {
        switch media.source {
        case .base64(let data): return ["bytes": .string(data)]
        case .url(let url) where url.hasPrefix("s3://"): return ["s3Location": ["uri": .string(url)]]
        case .url: throw BridgeError.unsupported("\(what) by their address", by: self.provider)
        case .id: throw BridgeError.unsupported("\(what) by an id", by: self.provider)
        }
    }

    /// A name of letters, digits, single spaces, hyphens, parentheses and brackets.
    private mutating func name(_ given: String?) -> String {
        let allowed = (given ?? "").map { character -> Character in
            character.isASCII && (character.isLetter || character.isNumber || "-()[]".contains(character))
                ? character : " "
        }
        let words = String(allowed).split(separator: " ").joined(separator: " ").prefix(190)
        let plain = words.isEmpty ? "document" : String(words)
        var count = (self.counts[plain] ?? 0) + 1
        var name = count == 1 ? plain : "\(plain) (\(count))"
        while !self.names.insert(name).inserted {
            count += 1
            name = "\(plain) (\(count))"
        }
        self.counts[plain] = count
        return name
    }
}
