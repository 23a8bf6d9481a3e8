import CherryCore
import CherryNet
import Foundation
import Synchronization
import Testing

@testable import CherryObservability

@Suite("Source maps of a release")
struct ReleaseUploadTests {
    /// A server that takes pieces, in memory.
    final class Server: Sendable {
        struct State {
            var kept: Set<String> = []
            var requests: [OutgoingRequest] = []
            var status = 200
            var options = Server.options
            var state: String?
        }
        let state = Mutex(State())

        static let options: JSONValue = [
            "url": "/api/0/organizations/org/chunk-upload/", "chunkSize": 1024, "chunksPerRequest": 2,
            "maxRequestSize": 2048, "hashAlgorithm": "sha1", "accept": ["artifact_bundles"],
        ]

        func answer(_ request: OutgoingRequest) -> (status: Int, body: [UInt8]) {
            self.state.withLock { state in
                state.requests.append(request)
                let body = request.body ?? []
                guard state.status == 200 else { return (state.status, []) }
                if request.method == .get { return (200, state.options.bytes) }
                if request.url.hasSuffix("chunk-upload/") {
                    let text = String(decoding: body, as: Unicode.ASCII.self)
                    for part in text.split(separator: "filename=\"").dropFirst() {
                        state.kept.insert(String(part.prefix(40)))
                    }
                    return (200, [])
                }
                if let answer = state.state { return (200, JSONValue.object(["state": .string(answer)]).bytes) }
                let json = try? JSONValue(parsing: body)
                let missing = (json?["chunks"]?.array ?? []).filter { !state.kept.contains($0.string ?? "") }
                let answer: JSONValue = [
                    "state": missing.isEmpty ? "created" : "not_found", "missingChunks": .array(missing),
                ]
                return (200, answer.bytes)
            }
        }
    }

    let folder: String

    init() throws {
        self.folder = NSTemporaryDirectory() + "cherry-maps-\(UInt64.random(in: 0 ... .max))"
        for name in ["maps/assets", "dist/assets"] {
            try FileManager.default.createDirectory(atPath: "\(self.folder)/\(name)", withIntermediateDirectories: true)
        }
        try self.write("dist/assets/main-A1B2C3D4.js", "a()")
        try self.write("maps/assets/main-A1B2C3D4.js.map", String(repeating: "{\"version\":3}", count: 200))
        try self.write("maps/assets/main-A1B2C3D4.css.map", "{}")
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(self.folder)/\(name)"))
    }

    func upload(to server: Server, base: String = "https://sentry.example.com") throws -> ReleaseUpload {
        let place = try ReleaseUpload.Place(base: base, organization: "org", project: "web", token: Secret("tok-en"))
        return ReleaseUpload(place) { server.answer($0) }
    }

    func run(_ server: Server) async throws -> Int {
        try await self.upload(to: server).upload(
            maps: self.folder + "/maps",
            files: self.folder + "/dist",
            release: "cherry@1"
        )
    }

    @Test("Maps go up in pieces, once, and the token goes along in a header alone")
    func uploads() async throws {
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        let server = Server()
        let first = try await self.run(server)
        #expect(first == 1)
        let requests = server.state.withLock { $0.requests }
        #expect(requests.map(\.method) == [.get, .post, .post, .post, .post])
        #expect(requests.allSatisfy { $0.headers.first?.value == "Bearer tok-en" && !$0.url.contains("tok-en") })
        #expect(requests.allSatisfy { !String(decoding: $0.body ?? [], as: UTF8.self).contains("tok-en") })
        let second = try await self.run(server)
        #expect(second == 1)
        #expect(server.state.withLock { $0.requests.count } == requests.count + 2)
    }

    @Test(
        "What a server refuses is said in words that mend it",
        arguments: [401: "token", 403: "token", 404: "organisation", 400: "status 400", 500: "status 500"]
    )
    func refusals(status: Int, word: String) async throws {
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        let server = Server()
        server.state.withLock { $0.status = status }
        let error = await #expect(throws: SentryError.self) { try await self.run(server) }
        #expect(error?.code == .uploadRefused)
        #expect(error?.message.contains(word) == true)
    }

    @Test("A server that cannot put the files together is not believed")
    func failedAssembly() async {
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        for state in ["error", "not_found", "", "what"] {
            let server = Server()
            server.state.withLock { $0.state = state }
            await #expect(throws: SentryError.self) { try await self.run(server) }
        }
    }

    @Test("Maps of another build are not uploaded")
    func otherBuild() async throws {
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        try self.write("maps/assets/chunk-A1B2C3D5.js.map", "{}")
        let server = Server()
        let error = await #expect(throws: SentryError.self) { try await self.run(server) }
        #expect(error?.code == .invalidUpload)
        #expect(server.state.withLock { $0.requests.isEmpty })
    }

    @Test("The token is only sent to the server that was named, and to parts of it")
    func addresses() throws {
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        let upload = try self.upload(to: Server())
        #expect(try upload.address("/api/0/x/") == "https://sentry.example.com/api/0/x/")
        for url in ["https://sentry.example.com/a", "https://us.sentry.example.com/a", "HTTPS://x@y", "//evil/a"] {
            let allowed = (try? upload.address(url)) != nil
            #expect(allowed == url.contains("sentry.example.com"), "\(url)")
        }
        for url in [
            "http://us.sentry.example.com/", "https://sentry.example.com:444/", "https://evilsentry.example.com/",
            "https://sentry.example.com@evil.com/", "https://evil.com/sentry.example.com", "sentry.example.com", "",
            "https://evil.com\\.sentry.example.com/", "http://sentry.example.com/",
        ] {
            #expect(throws: SentryError.self, "\(url)") { try upload.address(url) }
        }
    }

    @Test("An answer that does not say how files are taken is refused, whole or in part")
    func options() throws {
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        let bytes = Server.options.bytes
        #expect(try ChunkUpload(reading: bytes).chunkSize == 1024)
        for length in 0..<bytes.count {
            #expect(throws: SentryError.self) { try ChunkUpload(reading: Array(bytes.prefix(length))) }
        }
        let wrong: [(String, JSONValue)] = [
            ("chunkSize", 0), ("chunkSize", -1), ("chunksPerRequest", 0), ("hashAlgorithm", "md5"), ("accept", []),
            ("url", 3),
        ]
        for (name, value) in wrong {
            var object = try #require(Server.options.object)
            object[name] = value
            #expect(throws: SentryError.self) { try ChunkUpload(reading: JSONValue.object(object).bytes) }
        }
    }

    @Test("Pieces are in order, whole, and as many in a request as the server takes")
    func pieces() throws {
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        let options = try ChunkUpload(reading: Server.options.bytes)
        for count in [0, 1, 1023, 1024, 1025, 5000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            let chunks = options.chunks(of: bytes)
            #expect(chunks.flatMap { Array(bytes[$0.range]) } == bytes)
            #expect(options.requests(chunks).flatMap { $0 } == chunks)
            #expect(options.requests(chunks).allSatisfy { $0.count <= 2 })
        }
        #expect(ChunkUpload.sha1(Array("abc".utf8)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    @Test("An archive is what unzip takes, and the same each time")
    func archive() throws {
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        var zip = StoredZip()
        try zip.add("a/b.txt", Array("hello".utf8))
        let archive = zip.archive
        #expect(archive.prefix(4) == [0x50, 0x4B, 3, 4])
        // 30 bytes of header, the name, the content; 46 of the entry, the name; 22 of the end.
        #expect(archive.count == 30 + 7 + 5 + 46 + 7 + 22)
        #expect(archive.suffix(22).prefix(4) == [0x50, 0x4B, 5, 6])
        #expect(Array(archive[42..<46]) == [0x50, 0x4B, 1, 2])
        #expect(zip.archive == archive)
    }
}
