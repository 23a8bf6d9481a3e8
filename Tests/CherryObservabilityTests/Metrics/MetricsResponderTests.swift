import CherryObservability
import Testing

@Suite("Answers to scrapers")
struct MetricsResponderTests {
    private let token: String
    private let responder: MetricsResponder

    init() {
        let (token, digest) = ScrapeToken.make()
        self.token = token
        self.responder = MetricsResponder(Figures().registry) { digest }
    }

    private func ask(
        _ authorization: String?,
        method: String = "GET",
        path: String = "/metrics",
        accept: String? = nil
    ) -> MetricsResponder.Response {
        self.responder.respond(method: method, path: path, accept: accept, authorization: authorization)
    }

    @Test("Whoever shows the token gets the figures")
    func figures() {
        let response = self.ask("Bearer \(self.token)")
        #expect(response.status == 200)
        #expect(response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(response.headers["content-length"] == String(response.body.count))
        #expect(String(decoding: response.body, as: UTF8.self).contains("cherry_metrics_rejected_instruments_total"))
        #expect(self.ask("bearer \(self.token)").status == 200)
    }

    @Test("Nobody else learns anything", arguments: ["GET", "POST"], ["/metrics", "/other"])
    func refused(method: String, path: String) {
        let wrong = [
            nil, "", "Bearer", "Bearer ", "Bearer x", self.token, "Basic \(self.token)", "Bearer \(self.token)x",
            "Bearer \(self.token.dropLast())", "Bearer  \(self.token)", "Bearer \(self.token.uppercased())",
        ]
        for authorization in wrong {
            let response = self.ask(authorization, method: method, path: path)
            #expect(response.status == 401)
            #expect(response.headers["www-authenticate"] == "Bearer")
        }
    }

    @Test("Without a token nobody is answered")
    func noToken() {
        let responder = MetricsResponder(Figures().registry) { nil }
        let response = responder.respond(method: "GET", path: "/metrics", accept: nil, authorization: "Bearer x")
        #expect(response.status == 401)
    }

    @Test("There is one address, and it is only read")
    func addresses() {
        #expect(self.ask("Bearer \(self.token)", path: "/").status == 404)
        #expect(self.ask("Bearer \(self.token)", method: "POST").status == 405)
        let head = self.ask("Bearer \(self.token)", method: "HEAD", accept: "application/openmetrics-text")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.headers["content-type"]?.hasPrefix("application/openmetrics-text") == true)
    }

    @Test("A token is kept as a digest that reads as it was written")
    func stored() throws {
        let (token, digest) = ScrapeToken.make()
        #expect(!digest.stored.contains(token))
        #expect(ScrapeToken(stored: digest.stored + "\n") == digest)
        #expect(ScrapeToken(token) == digest)
        #expect(ScrapeToken.make().token != token)
    }

    @Test(
        "A stored digest that was damaged is none",
        arguments: [
            "", "sha256:", "sha256:12", String(repeating: "a", count: 71),
            "sha256:" + String(repeating: "g", count: 64),
            "sha256:" + String(repeating: "+1", count: 32), "sha256:" + String(repeating: "a", count: 65),
        ]
    )
    func damaged(text: String) { #expect(ScrapeToken(stored: text) == nil) }

    @Test(
        "A token that can be guessed or not be sent is refused",
        arguments: ["", "short", "with a space in its middle....", "ümlauts-are-not-for-headers"]
    )
    func weak(token: String) { #expect(ScrapeToken(token) == nil) }
}
