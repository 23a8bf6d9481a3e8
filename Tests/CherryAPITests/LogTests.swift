import CherryCore
import CherryObservability
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import CherryAPI

@Suite("The log over HTTP")
struct LogTests {
    private static func fill(_ stage: Stage) {
        let levels: [Logger.Level] = [.info, .warning, .error, .info, .debug]
        for (number, level) in levels.enumerated() {
            stage.logs.append(
                LogLine(
                    time: LogTime(microseconds: 1_769_860_800_000_000 + Int64(number)),
                    level: level,
                    logger: "cherry",
                    module: number == 3 ? "CherryBridge" : "CherryAPI",
                    message: "Line \(number + 1)",
                    role: "all",
                    fields: [(.httpStatus, .integer(200 + Int64(number)))]
                )
            )
        }
    }

    private static func positions(_ answer: Answer) -> [Int] {
        (answer["items"].array ?? []).compactMap { $0["position"]?.integer }
    }

    @Test("Lines are found by level, label and text, the newest of them, and further back by position")
    func page() async throws {
        let stage = try Stage()
        Self.fill(stage)
        try await stage.runUnlocked { visitor in
            let all = try await visitor.call(.get, "/api/v1/logs")
            #expect(Self.positions(all).starts(with: [1, 2, 3, 4, 5]))
            let line = try #require(all["items"].array?.first?["line"])
            #expect(line["time"] == "2026-01-31T12:00:00.000000Z")
            #expect(line["http_status"] == 200)
            let queries: [(String, [Int])] = [
                ("level=warning", [2, 3]), ("label=CherryBridge", [4]), ("text=LINE%202", [2]),
                ("text=http.status%3D203", [4]), ("level=error&text=nothing", []), ("limit=2&before=5", [3, 4]),
                ("before=1", []),
            ]
            for (query, expected) in queries {
                let answer = try await visitor.call(.get, "/api/v1/logs?\(query)")
                #expect(answer.status == .ok)
                #expect(Self.positions(answer) == expected, "\(query)")
                #expect(answer["last"] == 5)
            }
        }
    }

    @Test(
        "Bad questions are refused",
        arguments: [
            "level=loud", "limit=0", "limit=1001", "before=-1", "other=1", "level=info&level=info",
            "text=\(String(repeating: "x", count: 201))",
        ]
    )
    func refusals(query: String) async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let answer = try await visitor.call(.get, "/api/v1/logs?\(query)")
            #expect(answer.status == .unprocessableContent)
        }
    }

    @Test("Without a session there is no log")
    func session() async throws {
        let stage = try Stage()
        Self.fill(stage)
        try await stage.runUnlocked { visitor in
            for path in ["/api/v1/logs", "/api/v1/logs/events"] {
                let answer = try await visitor.another().call(.get, path)
                #expect(answer.status == .unauthorized)
            }
        }
    }

    @Test("Whoever follows gets what is kept after a place, then what is new, in order")
    func following() async throws {
        let stage = try Stage()
        Self.fill(stage)
        try await stage.runUnlocked(.live) { visitor in
            for (path, header, first) in [
                ("/api/v1/logs/events", "", 1), ("/api/v1/logs/events?after=3", "", 4),
                ("/api/v1/logs/events?after=1", "Last-Event-ID: 4\r\n", 5),
            ] {
                try await RawConnection.open(to: try #require(visitor.client.port)) { connection in
                    let cookie = visitor.cookieValue ?? ""
                    try await connection.send(
                        "GET \(path) HTTP/1.1\r\nHost: localhost\r\nCookie: \(cookie)\r\n\(header)\r\n"
                    )
                    let kept = try await connection.read(until: #""message":"Line 5""#)
                    #expect(kept.contains("id: \(first)\nevent: line\ndata: {\"position\":\(first),\"line\":{"))
                    #expect(!kept.contains("id: \(first - 1)\n"))
                }
            }
        }
    }
}
