import CherryCore
import Foundation

/// The files of the web app with their source maps, as a Sentry server takes them: an archive whose `manifest.json` says
/// which file has which debug id.
///
/// The form is that of `sentry-cli`'s artifact bundles.
struct ArtifactBundle: Sendable {
    /// A file that browsers load, and its map.
    struct Pair: Sendable, Hashable {
        /// As it is served: `/assets/main-A1B2C3D4.js`.
        var name: String
        var script: [UInt8]
        var map: [UInt8]
    }

    let archive: [UInt8]
    let count: Int

    /// - Throws: `SentryError` with code `.invalidUpload`.
    init(_ pairs: [Pair], organization: String, project: String, release: String) throws(SentryError) {
        guard !pairs.isEmpty else {
            throw SentryError(.invalidUpload, "There are no source maps.", hint: "Make them with: node web/build.mjs")
        }
        var files = JSONObject()
        var zip = StoredZip()
        for pair in pairs {
            let id = DebugID(bundle: pair.name).text
            let map = pair.name + ".map"
            let mapFile = map.split(separator: "/").last.map(String.init) ?? map
            for (type, name, content) in [("minified_source", pair.name, pair.script), ("source_map", map, pair.map)] {
                var headers: JSONObject = ["debug-id": .string(id)]
                if type == "minified_source" { headers["sourcemap"] = .string(mapFile) }
                let place = "files/_/_" + name
                files[place] = [
                    "type": .string(type), "url": .string("app://\(name)"), "headers": .object(headers),
                ]
                try zip.add(place, content)
            }
        }
        let manifest: JSONValue = [
            "org": .string(organization), "project": .string(project), "release": .string(release),
            "files": .object(files),
        ]
        try zip.add("manifest.json", manifest.bytes)
        self.archive = zip.archive
        self.count = pairs.count
    }

    /// Reads the files of a build.
    ///
    /// - Parameters:
    ///   - maps: the folder of source maps, with `assets` in it.
    ///   - files: the folder of what is served.
    /// - Throws: `SentryError` with code `.invalidUpload`.
    static func pairs(maps: String, files: String) throws(SentryError) -> [Pair] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: "\(maps)/assets").sorted()
        } catch {
            throw SentryError(
                .invalidUpload,
                "There are no source maps in that folder.",
                hint: "Make them with: node web/build.mjs"
            )
        }
        var pairs: [Pair] = []
        for name in names where name.hasSuffix(".js.map") {
            let script = "/assets/\(name.dropLast(4))"
            // What reports never name has no use for a map.
            guard SourceFile(bundle: script) != nil else { continue }
            guard let code = FileManager.default.contents(atPath: files + script),
                let map = FileManager.default.contents(atPath: "\(maps)/assets/\(name)")
            else {
                throw SentryError(
                    .invalidUpload,
                    "The source maps are of another build than the files of the web app.",
                    hint: "Make both anew with: node web/build.mjs"
                )
            }
            pairs.append(Pair(name: script, script: Array(code), map: Array(map)))
        }
        return pairs
    }
}
