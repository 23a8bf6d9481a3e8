import CherryCore

extension Media {
    /// An image or a file at `url`, or within it when it is a `data:` URL (RFC 2397) in base64.
    ///
    /// - Throws: `.invalid` for an address that no provider can fetch.
    init(url: String, name: String? = nil, detail: String? = nil, at path: String) throws {
        guard url.lowercased().hasPrefix("data:") else {
            guard url.lowercased().hasPrefix("https://") || url.lowercased().hasPrefix("http://") else {
                throw BridgeError.invalid(path, "must be an address with http or https, or a data: URL")
            }
            self.init(type: nil, source: .url(url), name: name, detail: detail)
            return
        }
        guard let comma = url.firstIndex(of: ",") else {
            throw BridgeError.invalid(path, "is a data: URL without data")
        }
        let header = url[url.index(url.startIndex, offsetBy: 5)..<comma].split(separator: ";")
        guard header.last?.lowercased() == "base64" else {
            throw BridgeError.invalid(path, "must be a data: URL in base64")
        }
        let type = header.first.map(String.init).flatMap { $0.contains("/") ? $0 : nil }
        self.init(type: type, source: .base64(String(url[url.index(after: comma)...])), name: name, detail: detail)
    }
}
