import CherryCore
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import CherryAPI

@Suite("The web app's files")
struct WebRootTests {
    private static let files: [String: String] = [
        "index.html": "<!doctype html><title>cherry</title>",
        "sw.js": "self.x = 1",
        "assets/app-ABCD2345.js": "plain",
        "assets/app-ABCD2345.js.br": "brotli",
        "assets/app-ABCD2345.js.gz": "gzipped",
        "assets/mark.svg": "<svg/>",
        ".hidden": "hidden",
        "secret/.env": "hidden too",
    ]

    private func run(_ body: @escaping @Sendable (Visitor) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "cherry-web-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let root = folder.appending(path: "dist")
        for (name, text) in Self.files {
            let file = root.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        try Data("outside".utf8).write(to: folder.appending(path: "outside.txt"))
        try FileManager.default.createSymbolicLink(
            at: root.appending(path: "link.txt"),
            withDestinationURL: folder.appending(path: "outside.txt")
        )
        try await Stage { $0.webRoot = root.path }.run(.router, body)
    }

    @Test("The page is sent for the root and for every path that the app draws itself, and is always asked for anew")
    func page() async throws {
        try await self.run { visitor in
            for path in ["/", "/index.html", "/chat/01890000", "/settings"] {
                let answer = try await visitor.call(.get, path)
                #expect(answer.status == .ok, "\(path)")
                #expect(answer.text == Self.files["index.html"])
                #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
                #expect(answer.headers[.cacheControl] == "no-cache")
            }
        }
    }

    @Test("Names with a hash are kept for ever, others are asked for anew")
    func caching() async throws {
        try await self.run { visitor in
            let hashed = try await visitor.call(.get, "/assets/app-ABCD2345.js")
            #expect(hashed.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(hashed.headers[.contentType] == "text/javascript; charset=utf-8")
            #expect(try await visitor.call(.get, "/sw.js").headers[.cacheControl] == "no-cache")
            #expect(try await visitor.call(.get, "/assets/mark.svg").headers[.contentType] == "image/svg+xml")
        }
    }

    @Test(
        "The smallest form that the client takes is sent",
        arguments: [
            ("", "plain", nil), ("gzip", "gzipped", "gzip"), ("gzip, deflate, br", "brotli", "br"),
            ("br;q=0, gzip;q=0.5", "gzipped", "gzip"), ("zstd", "plain", nil), ("BR", "brotli", "br"),
        ] as [(String, String, String?)]
    )
    func coding(accepted: String, text: String, coding: String?) async throws {
        try await self.run { visitor in
            let answer = try await visitor.call(
                .get,
                "/assets/app-ABCD2345.js",
                headers: [.acceptEncoding: accepted]
            )
            #expect(answer.text == text)
            #expect(answer.headers[.contentEncoding] == coding)
            #expect(answer.headers[.vary] == "Accept-Encoding")
        }
    }

    @Test("What the client has is not sent again, by form")
    func validators() async throws {
        try await self.run { visitor in
            let path = "/assets/app-ABCD2345.js"
            let plain = try #require(try await visitor.call(.get, path).headers[.eTag])
            let small = try #require(
                try await visitor.call(.get, path, headers: [.acceptEncoding: "br"]).headers[.eTag]
            )
            #expect(plain != small)
            for tag in [plain, "W/\(plain)", "\"other\", \(plain)", "*"] {
                let answer = try await visitor.call(.get, path, headers: [.ifNoneMatch: tag])
                #expect(answer.status == .notModified)
                #expect(answer.body.readableBytes == 0)
            }
            #expect(try await visitor.call(.get, path, headers: [.ifNoneMatch: small]).status == .ok)
        }
    }

    @Test(
        "Nothing outside, hidden or linked is ever sent",
        arguments: [
            "/../outside.txt", "/%2e%2e/outside.txt", "/assets/../../outside.txt", "/..%2foutside.txt", "/link.txt",
            "/.hidden", "/secret/.env", "//etc/passwd.txt", "/assets/app-ABCD2345.js%00.txt", "/missing.js",
        ]
    )
    func traversal(path: String) async throws {
        try await self.run { visitor in
            let answer = try await visitor.call(.get, path)
            #expect(answer.status == .notFound)
            #expect(!answer.text.contains("outside") && !answer.text.contains("hidden"))
        }
    }

    @Test("Files are only read")
    func methods() async throws {
        try await self.run { visitor in
            let answer = try await visitor.call(.post, "/index.html")
            #expect(answer.status == .methodNotAllowed)
            #expect(answer.headers[.allow] == "GET, HEAD")
            let head = try await visitor.call(.head, "/assets/mark.svg")
            #expect(head.status == .ok && head.body.readableBytes == 0)
            #expect(head.headers[.contentLength] == "6")
        }
    }

    @Test("Without a web app, a page in plain text says how to get it", arguments: [nil, "/no/such/folder"])
    func missing(root: String?) async throws {
        try await Stage { $0.webRoot = root }.run { visitor in
            let answer = try await visitor.call(.get, "/")
            #expect(answer.status == .notFound)
            #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(answer.text.contains("make run"))
        }
    }
}
