import CherryCore
import Foundation
import Testing

@testable import CherryObservability

@Suite("Error reports")
struct SentryEventTests {
    @Test("An error of a request has its place, its code and its stack, the oldest call first")
    func request() throws {
        var event = event()
        event.route = RouteName(template: "/api/v1/messages/{id}")
        event.status = 500
        event.frames = [
            SentryFrame(function: SymbolName(compiled: "main"), module: SymbolName(compiled: "cherry"), isOurs: true),
            SentryFrame(
                function: SymbolName(compiled: "StoreError.init()"),
                file: SourceFile(source: "/home/somebody/cherry/Sources/CherryStore/StoreError.swift"),
                line: 12,
                column: 3,
                isOurs: true
            ),
        ]
        event.trace = (.example(7), try #require(HexID("00f067aa0ba902b7")))
        let json = event.json
        #expect(json["transaction"] == "/api/v1/messages/{id}")
        #expect(json["release"] == "cherry@0.1.0")
        #expect(json["environment"] == "production")
        #expect(json["server_name"] == "quiet-river")
        #expect(json["tags"] == ["role": "all", "code": "diskFull", "http.status": "500"])
        #expect(json["fingerprint"] == ["CherryStore.StoreError", "diskFull", "/api/v1/messages/{id}"])
        let exception = try #require(json["exception"]?["values"]?.array?.first)
        #expect(exception["type"] == "CherryStore.StoreError")
        #expect(exception["value"] == "The disk is full.")
        #expect(exception["mechanism"] == ["type": "request", "handled": true])
        let last = try #require(exception["stacktrace"]?["frames"]?.array?.last)
        #expect(last["filename"] == "Sources/CherryStore/StoreError.swift")
        #expect(last["lineno"] == 12)
        #expect(json["contexts"]?["trace"]?["span_id"] == "00f067aa0ba902b7")
        #expect(!json.text.contains("somebody"))
    }

    @Test("An error of a page names its files and their source maps, and not the server")
    func page() throws {
        var event = SentryEvent(
            id: .example(1),
            at: SleepingClock.start,
            platform: .javascript,
            level: .error,
            type: PageErrorName.symbol("TypeError"),
            code: FailureCode(name: "pageError"),
            mechanism: .onerror,
            identity: .example
        )
        let file = try #require(SourceFile(bundle: "/assets/main-A1B2C3D4.js"))
        event.frames = [SentryFrame(function: nil, file: file, line: 1, column: 99, isOurs: true)]
        let json = event.json
        #expect(json["server_name"] == nil)
        #expect(json["fingerprint"] == ["{{ default }}"])
        let image = try #require(json["debug_meta"]?["images"]?.array?.first)
        #expect(image["type"] == "sourcemap")
        #expect(image["code_file"] == "app:///assets/main-A1B2C3D4.js")
        #expect(image["debug_id"]?.string.flatMap(UUID.init(uuidString:)) != nil)
        let frame = try #require(json["exception"]?["values"]?.array?.first?["stacktrace"]?["frames"]?.array?.first)
        #expect(frame["abs_path"] == image["code_file"])
    }

    @Test("The names of a source map differ with the file and are the same every time")
    func debugIDs() {
        let one = DebugID(bundle: "/assets/main-A1B2C3D4.js").text
        #expect(one == DebugID(bundle: "/assets/main-A1B2C3D4.js").text)
        #expect(one != DebugID(bundle: "/assets/main-A1B2C3D5.js").text)
        #expect(Array(one)[14] == "8")
    }

    @Test("Of a very deep stack both ends are told")
    func deep() throws {
        var event = event()
        event.frames = (1...1000).map { SentryFrame(function: nil, line: $0, isOurs: true) }
        let frames = try #require(event.json["exception"]?["values"]?.array?.first?["stacktrace"]?["frames"]?.array)
        #expect(frames.count == SentryEvent.frameLimit)
        #expect(frames.first?["lineno"] == 1)
        #expect(frames.last?["lineno"] == 1000)
    }

    @Test("Every code of an error in the sources is in the catalogue")
    func catalogue() throws {
        var codes: Set<String> = []
        for (_, text) in try ProductSources.files() {
            for body in text.matches(of: /enum Base: String[^{]*\{([^}]*)\}/) {
                for line in body.1.matches(of: /case ([a-zA-Z, \n]+)(?:= "([a-zA-Z]+)")?/) {
                    let names = line.1.split { ", \n".contains($0) }.filter { $0 != "case" }
                    codes.formUnion(line.2.map { [String($0)] } ?? names.map(String.init))
                }
            }
            codes.formUnion(text.matches(of: /codeName: "([a-zA-Z]+)"/).map { String($0.1) })
        }
        #expect(codes.count > 40)
        #expect(codes.subtracting(FailureCode.all) == [])
    }

    @Test("A code that is not in the catalogue is not told")
    func unlisted() {
        struct Talkative: CherryError {
            let codeName = "myMedicalHistory"
            let message = "x"
            let hint: String? = nil
        }
        #expect(FailureCode(of: Talkative()).name == "unlisted")
        struct Foreign: Error {}
        #expect(FailureCode(of: Foreign()).name == "unexpected")
        #expect(SymbolName(of: Foreign.self).text.hasSuffix("Foreign"))
    }

    @Test("A type that is private to a file has a plain name")
    func privateTypes() {
        let name = SymbolName(of: Hidden.self).text
        #expect(name == "CherryObservabilityTests.Hidden")
    }
}

private struct Hidden: Error {}
