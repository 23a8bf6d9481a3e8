import CherryCore
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import CherryAPI

@Suite("Requests that other sites could cause")
struct OriginTests {
    private static let header = HTTPField.Name("X-Cherry")!

    @Test(
        "What changes something needs the header and, if an origin is named, this server's",
        arguments: [
            ([Self.header: ""], 403, "missingHeader"),
            ([Self.header: "2"], 403, "missingHeader"),
            ([.origin: "https://evil.example"], 403, "wrongOrigin"),
            ([.origin: "null"], 403, "wrongOrigin"),
            ([.origin: "http://localhost:1"], 403, "wrongOrigin"),
            ([.origin: "https://localhost"], 403, "wrongOrigin"),
            ([.origin: "http://localhost"], 201, ""),
            ([:], 201, ""),
        ] as [(HTTPFields, Int, String)]
    )
    func unsafeMethods(headers: HTTPFields, status: Int, code: String) async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let before = try await stage.recordCount()
            let answer = try await visitor.call(.post, "/api/v1/conversations", [:], headers: headers)
            #expect(answer.status.code == status)
            #expect(answer.code == code)
            #expect(try await stage.recordCount() == before + (status == 201 ? 1 : 0))
        }
    }

    @Test("The public address is an origin of this server's")
    func publicOrigin() async throws {
        let stage = try Stage { $0.publicURL = "https://cherry.example.org/" }
        try await stage.runUnlocked { visitor in
            let answer = try await visitor.call(
                .post,
                "/api/v1/conversations",
                [:],
                headers: [.origin: "https://cherry.example.org"]
            )
            #expect(answer.status == .created)
        }
    }

    @Test("Set-up, unlocking and recovery are refused to other sites as well")
    func openRoutes() async throws {
        try await Stage().run { visitor in
            for path in ["/api/v1/setup", "/api/v1/unlock", "/api/v1/recover"] {
                let answer = try await visitor.call(.post, path, [:], headers: [.origin: "https://evil.example"])
                #expect(answer.code == "wrongOrigin")
            }
        }
    }

    @Test("Only known host names are answered")
    func hosts() async throws {
        try await Stage().run(.live) { visitor in
            let port = try #require(visitor.client.port)
            for (host, status) in [
                ("localhost:\(port)", "200"), ("127.0.0.1", "200"), ("[::1]:\(port)", "200"), ("evil.example", "421"),
                ("localhost.evil.example:\(port)", "421"),
            ] {
                let answer = try await RawConnection.open(to: port) { connection in
                    try await connection.send("GET /livez HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                    return try await connection.readToEnd()
                }
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(host)")
                if status == "421" { #expect(answer.contains("\"unknownHost\"")) }
                #expect(answer.contains("X-Content-Type-Options: nosniff"))
            }
        }
    }
}
