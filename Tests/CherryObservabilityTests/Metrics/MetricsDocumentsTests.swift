import Foundation
import Testing

@testable import CherryObservability

/// Documents, rules and dashboard name only what there is.
@Suite("Documents about metrics")
struct MetricsDocumentsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        .standardizedFileURL

    private static func read(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// Every series that is exposed, and the labels that it has.
    private static let series: [String: Set<String>] = {
        var series: [String: Set<String>] = ["up": []]
        for declaration in MetricCatalogue.all + [MetricRegistry.rejections] {
            let labels = Set(declaration.labels.map(\.name))
            guard case .histogram = declaration.kind else {
                series[declaration.name] = labels
                continue
            }
            for ending in ["_sum", "_count"] { series[declaration.name + ending] = labels }
            series[declaration.name + "_bucket"] = labels.union(["le"])
        }
        return series
    }()

    @Test("The table of docs/observability.md is the catalogue")
    func table() throws {
        let lines = try Self.read("docs/observability.md").split(separator: "\n")
        let rows = lines.filter { $0.hasPrefix("| `cherry_") || $0.hasPrefix("| `process_") }.map(String.init)
        #expect(rows == (MetricCatalogue.all + [MetricRegistry.rejections]).map(Self.row))
    }

    private static func row(_ declaration: MetricDeclaration) -> String {
        let kind =
            switch declaration.kind {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram(let shape): shape.nativeFrom == nil ? "histogram" : "histogram, native too"
            }
        let labels = declaration.labels.map { label in
            switch label.values {
            case .among(let values): "`\(label.name)`: \(values.joined(separator: ", "))"
            case .names(let limit): "`\(label.name)`: at most \(limit) names"
            }
        }
        return "| `\(declaration.name)` | \(kind) | \(labels.joined(separator: "; ")) | \(declaration.help) |"
    }

    @Test("Every expression of the dashboard asks for what there is")
    func dashboard() throws {
        let json = try JSONSerialization.jsonObject(with: Data(Self.read("deploy/grafana/cherry.json").utf8))
        let expressions = Self.texts(of: "expr", in: json)
        #expect(expressions.count > 30)
        let recorded = try Self.recorded()
        for expression in expressions { try Self.check(expression, recorded: recorded) }
        let shown = Set(expressions.flatMap { $0.matches(of: /[a-z_:0-9]+/).map { String($0.output) } })
        for declaration in MetricCatalogue.all {
            let isShown = shown.contains { $0.hasPrefix(declaration.name) }
            #expect(isShown, "\(declaration.name) is on no panel")
        }
    }

    @Test("Every rule asks for what there is", arguments: ["recording", "alerts"])
    func rules(file: String) throws {
        let recorded = try Self.recorded()
        let text = try Self.read("deploy/prometheus/rules/\(file).yml")
        let lines = text.split(separator: "\n").filter {
            !$0.contains("#") && !$0.contains("summary:") && !$0.contains("action:")
        }
        for line in lines { try Self.check(String(line), recorded: recorded) }
    }

    @Test("An expression that asks for something else is noticed")
    func notices() {
        #expect(Self.unknown(in: "rate(cherry_http_request_total[5m])", recorded: []) == ["cherry_http_request_total"])
        #expect(Self.unknown(in: "cherry_vault_state{status=\"open\"}", recorded: []) == ["cherry_vault_state{status}"])
        #expect(
            Self.unknown(in: "cherry_vault_state{state=\"ajar\"}", recorded: []) == ["cherry_vault_state{state=ajar}"]
        )
        #expect(Self.unknown(in: "job:cherry_x:rate5m", recorded: []) == ["job:cherry_x:rate5m"])
    }

    private static func check(_ expression: String, recorded: Set<String>) throws {
        #expect(Self.unknown(in: expression, recorded: recorded) == [], "\(expression)")
    }

    /// Names, labels and values in an expression that nothing has.
    private static func unknown(in expression: String, recorded: Set<String>) -> [String] {
        var unknown: [String] = []
        for match in expression.matches(of: /([a-z0-9_:]*(?:cherry_|process_)[a-z0-9_:]*)(?:\{([^}]*)\})?/) {
            let name = String(match.output.1)
            if name.contains(":") {
                if !recorded.contains(name) { unknown.append(name) }
                continue
            }
            guard let labels = Self.series[name] else {
                unknown.append(name)
                continue
            }
            for matcher in (match.output.2 ?? "").matches(of: /([a-z_]+)(=~|=)"([^"]*)"/) {
                let (label, value) = (String(matcher.output.1), String(matcher.output.3))
                if label == "job" { continue }
                guard labels.contains(label) else {
                    unknown.append("\(name){\(label)}")
                    continue
                }
                for value in value.split(separator: "|") where !Self.allows(String(value), of: label, name) {
                    unknown.append("\(name){\(label)=\(value)}")
                }
            }
        }
        return unknown
    }

    private static func allows(_ value: String, of label: String, _ series: String) -> Bool {
        guard
            let declaration = MetricCatalogue.all.first(where: { series.hasPrefix($0.name) }),
            case .among(let values) = declaration.labels.first(where: { $0.name == label })?.values
        else {
            if label == "le", let bound = Double(value),
                case .histogram(let shape) = MetricCatalogue.all.first(where: { series.hasPrefix($0.name) })?.kind
            {
                return shape.bounds.contains(bound)
            }
            return true
        }
        return values.contains(value)
    }

    private static func recorded() throws -> Set<String> {
        let text = try Self.read("deploy/prometheus/rules/recording.yml")
        return Set(text.matches(of: /record: (\S+)/).map { String($0.output.1) })
    }

    private static func texts(of key: String, in json: Any) -> [String] {
        if let object = json as? [String: Any] {
            return object.flatMap { name, value in
                name == key ? [value as? String].compactMap(\.self) : Self.texts(of: key, in: value)
            }
        }
        return (json as? [Any] ?? []).flatMap { Self.texts(of: key, in: $0) }
    }
}
