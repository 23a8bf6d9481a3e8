/// A file of ours that a frame of a stack is in, without the path of the machine that built or runs it.
public struct SourceFile: Sendable, Hashable {
    public let text: String

    /// A file of source, `Sources/CherryStore/SealedStore.swift`, or the last part of the name of any other.
    public init?(source path: String) {
        let parts = path.split(separator: "/")
        let own = parts.lastIndex { $0 == "Sources" || $0 == "Tests" }
        let text = (own.map { parts[$0...] } ?? parts.suffix(1)).joined(separator: "/")
        guard Self.isPlain(text) else { return nil }
        self.text = text
    }

    /// A file of the web app as it is served: `/assets/main-A1B2C3D4.js` or `/sw.js`; `nil` for anything else, since it
    /// comes from outside.
    public init?(bundle path: String) {
        guard path == "/sw.js" || Self.isAsset(path) else { return nil }
        self.text = path
    }

    /// `/assets/`, a name of the build, a hyphen, eight letters or digits of esbuild's hash, `.js`.
    private static func isAsset(_ path: String) -> Bool {
        guard path.hasPrefix("/assets/"), path.hasSuffix(".js") else { return false }
        let name = path.dropFirst("/assets/".count).dropLast(".js".count)
        guard let hyphen = name.lastIndex(of: "-") else { return false }
        let (stem, hash) = (name[..<hyphen], name[name.index(after: hyphen)...])
        return (1...40).contains(stem.utf8.count)
            && stem.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) }
            && hash.utf8.count == 8
            && hash.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) }
    }

    private static func isPlain(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || "+-._/<>".utf8.contains(byte)
            }
    }
}
