public import CherryCore
public import CherryNet

/// Uploads the web app's source maps to a Sentry server, so that reports of pages name the files that we wrote.
///
/// Speaks `sentry-cli`'s protocol: ask how files are taken, ask which pieces are missing, post these, ask for the whole to
/// be put together. A second upload of the same files sends nothing.
public struct ReleaseUpload: Sendable {
    /// Where to.
    public struct Place: Sendable {
        /// The server's address, without `/api`.
        var base: String
        var organization: String
        var project: String
        var token: Secret<String>

        /// - Throws: `SentryError` with code `.invalidUpload` for what cannot be part of an address.
        public init(
            base: String,
            organization: String,
            project: String,
            token: Secret<String>
        ) throws(SentryError) {
            guard Self.isSlug(organization), Self.isSlug(project) else {
                throw SentryError(
                    .invalidUpload,
                    "Organisations and projects are named by letters, digits, hyphens and underscores.",
                    hint: "Take the names as they stand in the addresses of the server's pages."
                )
            }
            guard !token.exposed.isEmpty, token.exposed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw SentryError(.invalidUpload, "The token is empty or holds characters that a token cannot have.")
            }
            var base = base
            while base.hasSuffix("/") { base.removeLast() }
            self.base = base
            self.organization = organization
            self.project = project
            self.token = token
        }

        private static func isSlug(_ text: String) -> Bool {
            (1...100).contains(text.utf8.count)
                && text.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d || byte == 0x5f
                }
        }
    }

    /// Sends a request; whole answers are short.
    typealias Send = @Sendable (OutgoingRequest) async throws -> (status: Int, body: [UInt8])

    private let place: Place
    private let send: Send

    init(_ place: Place, send: @escaping Send) {
        self.place = place
        self.send = send
    }

    /// An upload over the network.
    public init(_ place: Place, transport: HTTPTransport) {
        self.init(place) { request in
            let response = try await transport.send(request)
            return (response.status, try await response.body.collect(upTo: 1 << 20))
        }
    }

    /// Uploads the maps of a release.
    ///
    /// - Parameters:
    ///   - maps: the folder that the build leaves source maps in.
    ///   - files: the folder that the web app is served from.
    /// - Returns: how many files have their map there now.
    /// - Throws: `SentryError`: `.invalidUpload`, `.uploadRefused`; `NetError` when the server cannot be reached.
    public func upload(maps: String, files: String, release: String) async throws -> Int {
        let bundle = try ArtifactBundle(
            ArtifactBundle.pairs(maps: maps, files: files),
            organization: self.place.organization,
            project: self.place.project,
            release: release
        )
        let answer = try await self.exchange(.get, self.chunkURL)
        let options = try ChunkUpload(reading: answer)
        let url = try self.address(options.url)
        let chunks = options.chunks(of: bundle.archive)
        let missing = try await self.assemble(bundle, chunks, release: release)
        guard !missing.isEmpty else { return bundle.count }
        for request in options.requests(chunks.filter { missing.contains($0.name) }) {
            let boundary = "cherry-" + UInt128.random(in: .min ... .max).hexadecimal
            _ = try await self.exchange(
                .post,
                url,
                type: "multipart/form-data; boundary=\(boundary)",
                body: ChunkUpload.form(request, of: bundle.archive, boundary: boundary)
            )
        }
        guard try await self.assemble(bundle, chunks, release: release).isEmpty else {
            throw SentryError(.uploadRefused, "The server did not keep what it was sent.", hint: "Try it again.")
        }
        return bundle.count
    }

    private var chunkURL: String { "\(self.organizationURL)/chunk-upload/" }
    private var organizationURL: String { "\(self.place.base)/api/0/organizations/\(self.place.organization)" }

    /// Where pieces go. The token goes along, so it has to be the server that the user named, or a part of it.
    func address(_ url: String) throws(SentryError) -> String {
        if url.hasPrefix("/"), !url.hasPrefix("//") { return self.place.base + url }
        guard let own = Self.origin(self.place.base), let other = Self.origin(url),
            own == other || (other.scheme == "https" && other.host.hasSuffix("." + own.host))
        else {
            throw SentryError(
                .uploadRefused,
                "The server wants the files sent to another server.",
                hint: "Its own setting of its address may be wrong; in Bugsink it is BASE_URL."
            )
        }
        return url
    }

    private struct Origin: Equatable {
        let scheme: Substring
        /// With the port.
        let host: String
    }

    private static func origin(_ url: String) -> Origin? {
        guard let end = url.firstRange(of: "://") else { return nil }
        let host = url[end.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !host.isEmpty, !host.contains("@"), !host.contains("\\") else { return nil }
        return Origin(scheme: url[..<end.lowerBound], host: host.lowercased())
    }

    /// Asks for the whole to be put together.
    ///
    /// - Returns: the pieces that are missing for it.
    private func assemble(
        _ bundle: ArtifactBundle,
        _ chunks: [ChunkUpload.Chunk],
        release: String
    ) async throws -> Set<String> {
        let body: JSONValue = [
            "checksum": .string(ChunkUpload.sha1(bundle.archive)),
            "chunks": .array(chunks.map { .string($0.name) }), "projects": [.string(self.place.project)],
            "version": .string(release),
        ]
        let answer = try await self.exchange(
            .post,
            "\(self.organizationURL)/artifactbundle/assemble/",
            type: "application/json",
            body: body.bytes
        )
        let json = try? JSONValue(parsing: answer)  // not JSON: no state
        switch json?["state"]?.string {
        case "not_found":
            let missing = Set((json?["missingChunks"]?.array ?? []).compactMap(\.string))
            // Nothing is missing and still nothing is there: everything is wanted.
            return missing.isEmpty ? Set(chunks.map(\.name)) : missing
        case "created", "assembling", "ok":
            return []
        default:
            throw SentryError(
                .uploadRefused,
                "The server could not put the files together.",
                hint: "Its log says why."
            )
        }
    }

    private func exchange(
        _ method: OutgoingRequest.Method,
        _ url: String,
        type: String? = nil,
        body: [UInt8]? = nil
    ) async throws -> [UInt8] {
        var headers = [(name: "Authorization", value: "Bearer \(self.place.token.exposed)")]
        if let type { headers.append((name: "Content-Type", value: type)) }
        let limits = HTTPTransport.Limits(firstByte: .seconds(60), gap: .seconds(30), total: .seconds(300))
        let answer = try await self.send(
            OutgoingRequest(method, url, headers: headers, body: body, limits: limits, reach: .entered(url))
        )
        switch answer.status {
        case 200..<300: return answer.body
        case 401, 403:
            throw SentryError(
                .uploadRefused,
                "The server does not take the token.",
                hint: "It needs one that may upload source maps to this project."
            )
        case 404:
            throw SentryError(
                .uploadRefused,
                "The server has no such organisation, or takes no source maps.",
                hint: "Is the address that of a Sentry server, without /api?"
            )
        default:
            throw SentryError(
                .uploadRefused,
                "The server answered with status \(answer.status).",
                hint: "Is the project's name right? Its log may say more."
            )
        }
    }
}
