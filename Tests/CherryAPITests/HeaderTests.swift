import CherryCore
import HTTPTypes
import Hummingbird
import Testing

@testable import CherryAPI

@Suite("Headers of every answer")
struct HeaderTests {
    /// Streams that nobody but the client ends.
    private static let endless: Set = ["/api/v1/events", "/api/v1/exchanges/events", "/api/v1/logs/events"]

    private static let expected: [(String, String)] = [
        (
            "Content-Security-Policy",
            """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; \
            connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
            frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types cherry
            """
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Frame-Options", "DENY"),
    ]

    private func check(_ answer: Answer, _ what: String) {
        for (name, value) in Self.expected {
            #expect(answer.headers[HTTPField.Name(name)!] == value, "\(name) of \(what)")
        }
        #expect(answer.headers[HTTPField.Name("Permissions-Policy")!]?.contains("camera=()") == true, "\(what)")
        #expect(answer.headers[HTTPField.Name("X-Request-ID")!]?.isEmpty == false, "\(what)")
        #expect(answer.headers[.cacheControl] == "no-store", "\(what)")
        #expect(answer.headers[HTTPField.Name("Strict-Transport-Security")!] == nil, "\(what)")
    }

    /// A path of a template with ids that name nothing.
    private static func path(_ template: String) -> String {
        template.replacing("{id}", with: "01890000-0000-7000-8000-000000000000").replacing("{key}", with: "a.b")
    }

    @Test("They are on every route's answer: to a stranger, to a good request and to a bad one")
    func everyRoute() async throws {
        let stage = try Stage()
        let routes = stage.makeServer().routes
        try await stage.runUnlocked { visitor in
            let stranger = visitor.another()
            for route in routes where !Self.endless.contains(route.template) {
                let path = Self.path(route.template)
                self.check(try await stranger.call(route.method, path), "\(path) for a stranger")
                let bad = try await visitor.send(
                    route.method,
                    path,
                    ByteBuffer(string: "{"),
                    headers: [HTTPField.Name("X-Cherry")!: ""]
                )
                self.check(bad, "\(path) with a bad request")
                if route.method == .get {
                    self.check(try await visitor.call(.get, path), "\(path)")
                    let head = try await visitor.call(.head, path)
                    self.check(head, "HEAD \(path)")
                    #expect(head.body.readableBytes == 0)
                }
            }
        }
    }

    @Test("They are on refusals, on what is not there and on the page without a web app")
    func others() async throws {
        try await Stage().run { visitor in
            for (method, path) in [
                (HTTPRequest.Method.get, "/api/v1/nothing"), (.put, "/api/v1/status"), (.get, "/"), (.get, "/x.js"),
                (.post, "/"), (.init("OPTIONS")!, "/api/v1/status"),
            ] {
                self.check(try await visitor.call(method, path), "\(method) \(path)")
            }
        }
    }

    @Test("Over TLS, or behind a proxy that speaks it, browsers are told to stay with it")
    func strictTransport() async throws {
        for stage in [
            try Stage { $0.isTLS = true }, try Stage { $0.publicURL = "https://cherry.example.org" },
        ] {
            try await stage.run { visitor in
                let answer = try await visitor.call(.get, "/livez")
                #expect(
                    answer.headers[HTTPField.Name("Strict-Transport-Security")!]
                        == "max-age=31536000; includeSubDomains"
                )
            }
        }
    }

    @Test("A path that exists says which methods it has; HEAD goes with GET")
    func methods() async throws {
        try await Stage().run { visitor in
            let answer = try await visitor.call(.put, "/api/v1/conversations")
            #expect(answer.status == .methodNotAllowed)
            #expect(answer.code == "methodNotAllowed")
            #expect(answer.headers[.allow] == "GET, HEAD, POST")
            let one = try await visitor.call(.post, "/api/v1/personas/01890000-0000-7000-8000-000000000000")
            #expect(one.headers[.allow] == "DELETE, PATCH")
            let head = try await visitor.call(.head, "/livez")
            #expect(head.status == .ok)
            let missing = try await visitor.call(.get, "/api/v1/nothing")
            #expect(missing.status == .notFound && missing.code == "notFound")
        }
    }
}
