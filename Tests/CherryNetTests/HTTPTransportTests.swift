import CherryNet
import CherryTesting
import Foundation
import Testing

@Suite("HTTP transport")
struct HTTPTransportTests {
    @Test("A request arrives as it was given, and its answer comes back")
    func roundTrip() async throws {
        try await withServer { _ in
            [.whole(201, #"{"ok":true}"#, headers: ["X-Answer": "42"])]
        } _: { server, transport in
            let request = OutgoingRequest(
                .post,
                server.url + "/v1/thing?x=1",
                headers: [("X-Test", "a"), ("Content-Type", "application/json")],
                body: Array("{}".utf8),
                reach: .anywhere
            )
            let response = try await transport.send(request)
            #expect(response.status == 201)
            #expect(response.header("x-answer") == "42")
            #expect(response.header("absent") == nil)
            #expect(try await response.body.collect(upTo: 100) == Array(#"{"ok":true}"#.utf8))

            let received = try #require(server.requests.first)
            #expect(received.method == "POST")
            #expect(received.target == "/v1/thing?x=1")
            #expect(received.header("x-test") == "a")
            #expect(received.body == Array("{}".utf8))
        }
    }

    @Test("A connection whose answer was read to the end serves the next request")
    func reuse() async throws {
        try await withServer(keepAlive: .seconds(3600)) { _ in
            [.whole(200, "{}"), .keepAlive]
        } _: { server, transport in
            for _ in 1...3 {
                _ = try await transport.send(.get(server.url)).body.collect(upTo: 100)
            }
            #expect(server.requests.count == 3)
            #expect(server.connectionCount == 1)
        }
    }

    @Test("A redirect is an answer and is not followed")
    func redirect() async throws {
        try await withServer { _ in
            [.head(302, ["Location": "/elsewhere"])]
        } _: { server, transport in
            let response = try await transport.send(.get(server.url))
            #expect(response.status == 302)
            _ = try await response.body.collect(upTo: 0)
            #expect(server.requests.map(\.target) == ["/"])
        }
    }

    @Test("A compressed answer is unpacked")
    func gzip() async throws {
        let packed = try #require(Data(base64Encoded: "H4sIAAAAAAACA6tWykjNyclXslIqzy/KSVGqBQDRQQnYEQAAAA=="))
        try await withServer { _ in
            [.head(200, ["Content-Encoding": "gzip"]), .bytes(Array(packed))]
        } _: { server, transport in
            let body = try await transport.send(.get(server.url)).body.collect(upTo: 100)
            #expect(String(decoding: body, as: UTF8.self) == #"{"hello":"world"}"#)
        }
    }

    @Test("An answer can be read to its end although the transport is gone")
    func lastReference() async throws {
        try await ScriptedHTTPServer.with({ _ in [.head(200), .text("a"), .text("b")] }) { server in
            let response = try await HTTPTransport().send(.get(server.url))
            let body = try await response.body.collect(upTo: 10)
            #expect(body == Array("ab".utf8))
        }
    }

    @Test("Pieces arrive before the answer is whole")
    func streaming() async throws {
        let gate = Gate()
        try await withServer { _ in
            [.head(200), .text("first"), .await(gate), .text("second")]
        } _: { server, transport in
            var pieces = try await transport.send(.get(server.url)).body.makeAsyncIterator()
            #expect(try await pieces.next() == Array("first".utf8))
            gate.open()
            #expect(try await pieces.next() == Array("second".utf8))
            #expect(try await pieces.next() == nil)
        }
    }

    @Test(
        "An address that is no plain http or https URL is refused before anything is opened",
        arguments: [
            "", "127.0.0.1:1/v1", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://a:b@127.0.0.1/",
            "not a url",
        ]
    )
    func addresses(_ address: String) async throws {
        let transport = HTTPTransport()
        let error = try await netError { _ = try await transport.send(.init(.get, address)) }
        #expect(error.code == .invalidAddress)
        await transport.shutdown()
    }

    @Test("After shutdown every request is refused")
    func shutdown() async throws {
        try await withServer { _ in
            []
        } _: { server, transport in
            await transport.shutdown()
            let error = try await netError { _ = try await transport.send(.get(server.url)) }
            #expect(error.code == .closed)
        }
    }
}
