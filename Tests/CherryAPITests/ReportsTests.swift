import CherryCore
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import CherryAPI

@Suite("Reports of the web app")
struct ReportsTests {
    private static let headers: HTTPFields = [.contentType: "application/x-sentry-envelope"]
    private static let envelope = ByteBuffer(string: "{}\n{\"type\":\"event\"}\n{}\n")

    private func stage(
        _ receive: @escaping @Sendable ([UInt8]) async throws -> String?
    ) throws -> Stage {
        let stage = try Stage()
        stage.telemetry.withLock {
            $0 = TelemetryAccess(release: "cherry@1.2.3", environment: "production", receive: receive)
        }
        return stage
    }

    @Test("A report is handed on, and the page is told of limits")
    func handedOn() async throws {
        let received = Mutex<[[UInt8]]>([])
        let stage = try self.stage { bytes in
            received.withLock { $0.append(bytes) }
            return "30:error:organization"
        }
        try await stage.runUnlocked { visitor in
            let answer = try await visitor.send(
                .post,
                "/api/v1/reports",
                Self.envelope,
                headers: Self.headers
            )
            #expect(answer.status == .noContent)
            #expect(answer.headers[HTTPField.Name("X-Sentry-Rate-Limits")!] == "30:error:organization")
        }
        #expect(received.withLock { $0 } == [Array(Self.envelope.readableBytesView)])
    }

    @Test("Without a session nothing is taken and nothing is told")
    func noSession() async throws {
        let stage = try self.stage { _ in
            Issue.record("nothing is to be taken")
            return nil
        }
        try await stage.runUnlocked { visitor in
            let stranger = visitor.another()
            let answer = try await stranger.send(
                .post,
                "/api/v1/reports",
                Self.envelope,
                headers: Self.headers
            )
            #expect(answer.status == .unauthorized)
            #expect(try await stranger.call(.get, "/api/v1/status").json["telemetry"] == nil)
            let own = try await visitor.call(.get, "/api/v1/status").json
            #expect(own["telemetry"]?["errors"] == true)
            #expect(own["telemetry"]?["release"] == "cherry@1.2.3")
        }
    }

    @Test("What is too large, of another type or from another site is refused")
    func refusals() async throws {
        let stage = try self.stage { _ in
            Issue.record("nothing is to be taken")
            return nil
        }
        try await stage.runUnlocked(.live) { visitor in
            let path = "/api/v1/reports"
            let untyped = try await visitor.send(.post, path, Self.envelope)
            #expect(untyped.status == .unsupportedMediaType)
            var foreign = Self.headers
            foreign[.origin] = "https://evil.example"
            let foreigner = try await visitor.send(.post, path, Self.envelope, headers: foreign)
            #expect(foreigner.status == .forbidden)
            // Last, because it ends the connection.
            let large = ByteBuffer(repeating: 0x20, count: ReportsController.bodyLimit + 1)
            let tooLarge = try await visitor.send(.post, path, large, headers: Self.headers)
            #expect(tooLarge.status == .contentTooLarge)
        }
    }

    @Test("Too many reports at once are refused until later")
    func flood() async throws {
        let stage = try self.stage { _ in nil }
        try await stage.runUnlocked { visitor in
            var statuses: [HTTPResponse.Status] = []
            for _ in 1...61 {
                let answer = try await visitor.send(
                    .post,
                    "/api/v1/reports",
                    Self.envelope,
                    headers: Self.headers
                )
                statuses.append(answer.status)
            }
            #expect(statuses == [HTTPResponse.Status](repeating: .noContent, count: 60) + [.tooManyRequests])
        }
    }

    @Test("When reports are off there is no such address")
    func off() async throws {
        try await Stage().runUnlocked { visitor in
            let answer = try await visitor.send(
                .post,
                "/api/v1/reports",
                Self.envelope,
                headers: Self.headers
            )
            #expect(answer.status == .notFound)
            #expect(try await visitor.call(.get, "/api/v1/status").json["telemetry"] == nil)
        }
    }
}
