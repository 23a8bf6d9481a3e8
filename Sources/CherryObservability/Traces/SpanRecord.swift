import CherryCore

/// A span that has ended, with nothing in it that a person wrote.
public struct SpanRecord: Sendable, Hashable {
    /// What role the span plays in a request. The numbers are those of OTLP.
    public enum Kind: Int, Sendable {
        case `internal` = 1
        case server = 2
        case client = 3
        case producer = 4
        case consumer = 5
    }

    public enum Value: Sendable, Hashable {
        case integer(Int64)
        case bool(Bool)
        case text(String)
    }

    public var context: TraceContext
    public var parent: SpanID?
    public var name: String
    public var kind: Kind
    /// Nanoseconds since 1970.
    public var start: UInt64
    /// Nanoseconds since 1970, not before `start`.
    public var end: UInt64
    public var hasFailed: Bool
    /// In the order of their names.
    public var attributes: [Attribute]

    public struct Attribute: Sendable, Hashable {
        public var key: String
        public var value: Value

        public init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    public init(
        context: TraceContext,
        parent: SpanID?,
        name: String,
        kind: Kind,
        start: UInt64,
        end: UInt64,
        hasFailed: Bool,
        attributes: [Attribute]
    ) {
        self.context = context
        self.parent = parent
        self.name = name
        self.kind = kind
        self.start = start
        self.end = end
        self.hasFailed = hasFailed
        self.attributes = attributes
    }
}

extension SpanRecord {
    /// The form in which the journal keeps it.
    public var payload: [UInt8] {
        var object: JSONObject = [
            "trace": .string("\(self.context.trace)"), "span": .string("\(self.context.span)"),
            "name": .string(self.name), "kind": .integer(Int64(self.kind.rawValue)),
            "start": .integer(Int64(clamping: self.start)), "end": .integer(Int64(clamping: self.end)),
            "failed": .bool(self.hasFailed),
            "attributes": .object(JSONObject(self.attributes.map { ($0.key, $0.value.json) })),
        ]
        if let parent { object["parent"] = .string("\(parent)") }
        return JSONValue.object(object).bytes
    }

    /// Reads what `payload` wrote; `nil` for anything else.
    public init?(payload: [UInt8]) {
        guard let json = try? JSONValue(parsing: payload),  // whatever it is, it is no span
            let trace = json["trace"]?.string.flatMap({ TraceID(hex: Array($0.utf8)) }),
            let span = json["span"]?.string.flatMap({ SpanID(hex: Array($0.utf8)) }),
            let name = json["name"]?.string, let kind = json["kind"]?.integer.flatMap(Kind.init(rawValue:)),
            let start = json["start"]?.integer.flatMap({ UInt64(exactly: $0) }),
            let end = json["end"]?.integer.flatMap({ UInt64(exactly: $0) }),
            let hasFailed = json["failed"]?.bool, let members = json["attributes"]?.object
        else { return nil }
        var parent: SpanID?
        if let text = json["parent"]?.string {
            guard let id = SpanID(hex: Array(text.utf8)) else { return nil }
            parent = id
        }
        var attributes: [Attribute] = []
        for (key, value) in members {
            guard let value = Value(value) else { return nil }
            attributes.append(Attribute(key, value))
        }
        self.init(
            context: TraceContext(trace: trace, span: span, isSampled: true),
            parent: parent,
            name: name,
            kind: kind,
            start: start,
            end: end,
            hasFailed: hasFailed,
            attributes: attributes
        )
    }
}

extension SpanRecord.Value {
    fileprivate var json: JSONValue {
        switch self {
        case .integer(let value): .integer(value)
        case .bool(let value): .bool(value)
        case .text(let value): .string(value)
        }
    }

    fileprivate init?(_ json: JSONValue) {
        switch json {
        case .integer(let value): self = .integer(value)
        case .bool(let value): self = .bool(value)
        case .string(let value): self = .text(value)
        default: return nil
        }
    }
}
