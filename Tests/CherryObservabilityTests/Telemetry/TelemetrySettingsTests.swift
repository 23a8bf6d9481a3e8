import CherryCore
import Foundation
import Testing

@testable import CherryObservability

@Suite("Settings of telemetry")
struct TelemetrySettingsTests {
    static let secret = "glsa_verysecret"

    private func target(_ kind: TelemetryKind, _ values: [String: String]) throws -> TelemetryTarget {
        try TelemetryTarget(kind, values)
    }

    @Test("Every kind has what it needs, and says what each value is for")
    func fields() {
        for kind in TelemetryKind.allCases {
            #expect(kind.fields.contains { $0.isRequired }, "\(kind)")
            #expect(Set(kind.fields.map(\.name)).count == kind.fields.count, "\(kind)")
            #expect(kind.fields.allSatisfy { $0.help.hasSuffix(".") }, "\(kind)")
        }
    }

    @Test(
        "What is wrong is named by its field, and its value is not said",
        arguments: [
            (TelemetryKind.loki, [:], "Loki needs url."),
            (.loki, ["url": "ftp://\(secret)"], "url of Loki must be an http or https address."),
            (.loki, ["url": "https://loki.example.com", "token": "two words \(secret)"], "token of Loki"),
            (.loki, ["url": "https://loki.example.com", "colour": "red"], "Loki has no setting named colour."),
            (.loki, ["url": "https://loki.example.com", "\u{1B}[31m": "red"], "Loki has no setting of that name."),
            (.sentry, ["dsn": "https://sentry.example.com/1"], "dsn of Sentry"),
            (.otlp, ["url": "https://a.example.com", "share": "1.5"], "share of OpenTelemetry"),
            (.sentry, ["dsn": "https://key@sentry.example.com/1", "traces": "-1"], "traces of Sentry"),
            (.fluent, ["servers": "https://\(secret)"], "servers of Fluentd"),
            (.fluent, ["servers": "tls://logs.example.com", "mode": "fast"], "mode of Fluentd"),
            (.elasticsearch, ["url": "https://a.example.com", "apiKey": ""], "apiKey of Elasticsearch"),
        ] as [(TelemetryKind, [String: String], String)]
    )
    func refused(kind: TelemetryKind, values: [String: String], words: String) throws {
        let error = try #require(throws: TelemetryError.self) { try TelemetryTarget(kind, values) }
        #expect(error.code == .invalidTarget)
        #expect(error.message.hasPrefix(words))
        #expect(!error.message.contains(Self.secret) && error.hint?.contains(Self.secret) != true)
    }

    @Test("What is kept reads again")
    func roundTrip() throws {
        var settings = TelemetrySettings(instance: "a1")
        settings.environment = "home"
        settings.set(
            try self.target(.sentry, ["dsn": "https://key@sentry.example.com/7", "pages": "no"]),
            for: .sentry
        )
        settings.set(try self.target(.otlp, ["url": "http://127.0.0.1:4318", "share": "0.25"]), for: .otlp)
        settings.set(try self.target(.fluent, ["servers": "tls://a.example.com tcp://b.example.com:1"]), for: .fluent)
        let read = try TelemetrySettings(bytes: settings.bytes)
        #expect(read == settings)
        #expect(read.traceShare == 0.25)
        #expect(!read.reportsPages)
    }

    @Test(
        "Traces are made for whoever gets the most of them; Sentry gets none unless it is asked for",
        arguments: [
            ([:], nil, nil, nil),
            ([.sentry: nil], nil, nil, nil),
            ([.sentry: "0"], nil, nil, nil),
            ([.sentry: "0.25"], 0.25, nil, 0.25),
            ([.otlp: nil], 1, 1, nil),
            ([.otlp: "0"], 0, 0, nil),
            ([.otlp: "0.5", .sentry: "0"], 0.5, 0.5, nil),
            ([.otlp: "0.5", .sentry: "1"], 1, 0.5, 1),
            ([.otlp: "0.5", .sentry: "0.1"], 0.5, 0.5, 0.1),
        ] as [([TelemetryKind: String?], Double?, Double?, Double?)]
    )
    func traceShares(shares: [TelemetryKind: String?], all: Double?, otlp: Double?, sentry: Double?) throws {
        var settings = TelemetrySettings(instance: "a1")
        for (kind, share) in shares {
            var values = kind == .otlp ? ["url": "http://127.0.0.1:4318"] : ["dsn": "https://key@sentry.example.com/1"]
            values[kind == .otlp ? "share" : "traces"] = share
            settings.set(try self.target(kind, values), for: kind)
        }
        #expect(settings.traceShare == all)
        #expect(settings.traceShare(of: .otlp) == otlp)
        #expect(settings.traceShare(of: .sentry) == sentry)
    }

    @Test("What is cut anywhere is refused, and so is another version")
    func unreadable() throws {
        var settings = TelemetrySettings(instance: "a1")
        settings.set(try self.target(.loki, ["url": "https://loki.example.com"]), for: .loki)
        for length in 0..<settings.bytes.count {
            #expect(throws: TelemetryError.self) { try TelemetrySettings(bytes: Array(settings.bytes[..<length])) }
        }
        let newer = String(decoding: settings.bytes, as: UTF8.self).replacing(#""version":1"#, with: #""version":2"#)
        #expect(throws: TelemetryError.self) { try TelemetrySettings(bytes: Array(newer.utf8)) }
    }

    @Test("A secret is named and not shown, nor printed")
    func shown() throws {
        let target = try self.target(.loki, ["url": "https://loki.example.com", "token": Self.secret])
        #expect(target.shown.values == ["url": "https://loki.example.com"])
        #expect(target.shown.secrets == ["token"])
        var dumped = ""
        dump(target, to: &dumped)
        #expect(!"\(target) \(dumped)".contains(Self.secret))
    }

    @Test("Changing one value keeps the others, and taking one away is a change")
    func changing() throws {
        let target = try self.target(.loki, ["url": "https://loki.example.com", "token": Self.secret, "tenant": "me"])
        let changed = try target.changing(["tenant": nil, "user": "cherry"])
        #expect(changed.shown.values == ["url": "https://loki.example.com", "user": "cherry"])
        #expect(changed.shown.secrets == ["token"])
        #expect(throws: TelemetryError.self) { try target.changing(["url": nil]) }
    }

    @Test(
        "Names of installations are short and plain",
        arguments: [("home", true), ("a-1", true), ("", false), ("Über", false), ("a b", false)]
    )
    func environments(name: String, isGood: Bool) {
        #expect(TelemetrySettings.isEnvironment(name) == isGood)
    }
}
