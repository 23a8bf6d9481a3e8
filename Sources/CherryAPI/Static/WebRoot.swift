import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// The built web app: read once at start, served from memory. A path is looked up as a whole in what was read, so no
/// path leads outside the folder.
struct WebRoot: Sendable {
    private let files: [String: WebFile]

    /// More than the web app can sensibly have: a folder that is something else is not read into memory.
    private static let sizeLimit = 64 << 20
    private static let index = "/index.html"

    /// Reads the files below `path`. Hidden files and links are left out.
    init(path: String?, logger: Logger) {
        guard let path else {
            self.files = [:]
            return
        }
        let base = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
        let found = Self.contents(of: base)
        if found.isEmpty { logger.warning("The web app was not found; set CHERRY_WEB_ROOT to its folder.") }
        self.files = Self.makeFiles(found)
    }

    /// Whether there is an app to serve.
    var isEmpty: Bool { self.files[Self.index] == nil }

    /// The answer to a request for a file, or for a page that the app draws itself.
    ///
    /// - Throws: `APIError` with code `notFound` for a file that is not there.
    func response(to request: Request) throws -> Response {
        if self.isEmpty { return Self.missing }
        let path = request.uri.path.removingPercentEncoding ?? ""
        let name = path == "/" ? Self.index : path
        if let file = self.files[name] { return Self.response(to: request, file, isPage: name == Self.index) }
        guard !Self.hasExtension(path), let index = self.files[Self.index] else { throw APIError.notFound("file") }
        return Self.response(to: request, index, isPage: true)
    }

    private static func response(to request: Request, _ file: WebFile, isPage: Bool) -> Response {
        guard let (coding, form) = file.form(accepting: request.headers[.acceptEncoding]) else { return Self.missing }
        var headers: HTTPFields = [
            .contentType: file.mediaType,
            .eTag: form.tag,
            .vary: "Accept-Encoding",
            .cacheControl: file.isImmutable && !isPage ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if coding != .identity { headers[.contentEncoding] = coding.rawValue }
        if Self.names(request.headers[.ifNoneMatch], form.tag) {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: form.body))
    }

    private static func names(_ header: String?, _ tag: String) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .contains { $0 == "*" || $0 == tag || $0 == "W/" + tag }
    }

    private static func hasExtension(_ path: String) -> Bool {
        path.split(separator: "/").last?.contains(".") ?? false
    }

    private static let missing = Response(
        status: .notFound,
        headers: [.contentType: "text/plain; charset=utf-8"],
        body: .init(
            byteBuffer: ByteBuffer(
                string: """
                    cherry is running, but its web app is not here.

                    `make run` builds it. A server that is started by itself looks for the built app in the folder
                    that CHERRY_WEB_ROOT names: the one that holds index.html.

                    """
            )
        )
    )

    // MARK: Reading

    /// Every regular file below `base`, by its path from there with a leading slash.
    private static func contents(of base: URL) -> [String: Data] {
        let keys: [URLResourceKey] = [.isRegularFileKey]
        guard
            let walk = FileManager.default.enumerator(
                at: base,
                includingPropertiesForKeys: keys,
                options: [.skipsHiddenFiles]
            )
        else { return [:] }
        var found: [String: Data] = [:]
        var size = 0
        for case let url as URL in walk {
            // What cannot be looked at or read is not served; a link is no regular file.
            guard let values = try? url.resourceValues(forKeys: Set(keys)), values.isRegularFile == true,
                let data = try? Data(contentsOf: url)
            else { continue }
            size += data.count
            guard size <= self.sizeLimit else { return [:] }
            let path = url.standardizedFileURL.path
            guard path.hasPrefix(base.path) else { continue }
            let name = path.dropFirst(base.path.count)
            found[name.hasPrefix("/") ? String(name) : "/" + name] = data
        }
        return found
    }

    private static func makeFiles(_ found: [String: Data]) -> [String: WebFile] {
        var files: [String: WebFile] = [:]
        for (name, data) in found where self.compressed(name, in: found) == nil {
            var file = WebFile(mediaType: MediaTypes.type(of: name), isImmutable: self.isHashed(name))
            file.forms[.identity] = self.form(data)
            for coding in WebFile.Coding.allCases where coding != .identity {
                if let data = found[name + coding.suffix] { file.forms[coding] = self.form(data) }
            }
            files[name] = file
        }
        return files
    }

    /// The file that `name` is a compressed form of, if it is one.
    private static func compressed(_ name: String, in found: [String: Data]) -> String? {
        for coding in WebFile.Coding.allCases where coding != .identity && name.hasSuffix(coding.suffix) {
            let original = String(name.dropLast(coding.suffix.count))
            if found[original] != nil { return original }
        }
        return nil
    }

    private static func form(_ data: Data) -> WebFile.Form {
        let digest = SHA256.hash(data: data).prefix(12)
        let tag = Data(digest).base64EncodedString()
        return WebFile.Form(body: ByteBuffer(bytes: data), tag: "\"\(tag)\"")
    }

    /// Whether a name carries a hash of the content: `name-HASH.ext`, the hash at least eight capitals and digits.
    static func isHashed(_ name: String) -> Bool {
        guard let file = name.split(separator: "/").last, let dash = file.lastIndex(of: "-") else { return false }
        let hash = file[file.index(after: dash)...].prefix { $0 != "." }
        return hash.utf8.count >= 8 && hash.utf8.count < file[dash...].utf8.count - 1
            && hash.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) }
    }
}
