import CherryCore
import CherryNet

/// A destination as the user set it, with every value of the form that it must have.
public struct TelemetryTarget: Sendable, Hashable {
    /// Bytes of one value.
    static let valueLimit = 4096

    public let kind: TelemetryKind
    /// By the names of `kind.fields`; secrets are among them.
    private let values: [String: String]

    /// Checks what was entered.
    ///
    /// - Throws: `TelemetryError` with code `.invalidTarget`, which names the field and never its value.
    public init(_ kind: TelemetryKind, _ values: [String: String]) throws(TelemetryError) {
        let fields = kind.fields
        if let unknown = values.keys.sorted().first(where: { name in !fields.contains { $0.name == name } }) {
            let names = fields.map(\.name).joined(separator: ", ")
            let shown = unknown.utf8.count <= 40 && unknown.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            throw TelemetryError(
                .invalidTarget,
                "\(kind.title) has no setting \(shown ? "named \(unknown)" : "of that name").",
                hint: "It has: \(names)."
            )
        }
        for field in fields {
            guard let value = values[field.name] else {
                guard field.isRequired else { continue }
                throw TelemetryError(.invalidTarget, "\(kind.title) needs \(field.name).", hint: field.help)
            }
            guard Self.isWellFormed(value, field, of: kind) else {
                throw TelemetryError(
                    .invalidTarget,
                    "\(field.name) of \(kind.title) must be \(field.form.words).",
                    hint: field.help
                )
            }
        }
        self.kind = kind
        self.values = values
    }

    /// A value that was set.
    subscript(_ name: String) -> String? { self.values[name] }

    func secret(_ name: String) -> Secret<String>? { self.values[name].map { Secret($0) } }

    /// What may be shown: the values that are no secrets, and which secrets there are.
    public var shown: (values: [String: String], secrets: [String]) {
        let secrets = Set(self.kind.fields.lazy.filter(\.isSecret).map(\.name))
        return (
            self.values.filter { !secrets.contains($0.key) },
            self.values.keys.filter(secrets.contains).sorted()
        )
    }

    /// The same with some values changed; `nil` takes one away.
    ///
    /// - Throws: as `init` does.
    public func changing(_ changes: [String: String?]) throws(TelemetryError) -> TelemetryTarget {
        var values = self.values
        for (name, value) in changes { values[name] = value }
        return try TelemetryTarget(self.kind, values)
    }

    /// For what is sealed, and for nothing else.
    var json: JSONValue {
        .object(JSONObject(self.values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    private static func isWellFormed(_ value: String, _ field: TelemetryField, of kind: TelemetryKind) -> Bool {
        guard !value.isEmpty, value.utf8.count <= self.valueLimit else { return false }
        if case .places = field.form {
            let places = value.split(separator: " ")
            return !places.isEmpty && places.allSatisfy { (try? SocketPlace(String($0), defaultPort: 24224)) != nil }
        }
        guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        switch field.form {
        case .word, .places: return true
        case .flag: return ["yes", "no"].contains(value)
        case .share: return Double(value).map { (0...1).contains($0) } ?? false
        case .choice(let choices): return choices.contains(value)
        case .address where kind == .sentry: return (try? SentryDSN(value)) != nil
        case .address: return (try? WebAddress(value)) != nil
        }
    }
}

extension TelemetryTarget: CustomStringConvertible, CustomReflectable {
    public var description: String { "TelemetryTarget(\(self.kind.rawValue))" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension TelemetryField.Form {
    fileprivate var words: String {
        switch self {
        case .word: "printable text without spaces"
        case .address: "an http or https address"
        case .places: "places such as tls://host:24224, with spaces between them"
        case .flag: "yes or no"
        case .share: "a number from 0 to 1"
        case .choice(let choices): "one of \(choices.joined(separator: ", "))"
        }
    }
}
