/// The keys of metadata that a log line may have. There are no others, so that nothing that a person wrote can reach a
/// log by way of a new key; each has a rule that its values keep.
///
/// In the order of their names in code, which is the order in which lines have them.
public enum LogKey: UInt8, Sendable, CaseIterable, Comparable {
    case attempt, auditKind, bytes, check, count, destination, errorCode, errorType, httpMethod, httpMilliseconds
    case httpRoute, httpStatus, incident, kind, lockReason, milliseconds, provider, reason, requestID, spanID, state
    case traceID

    /// The key in code and in the readable form: `http.status`.
    public var key: String { Self.table[Int(self.rawValue)].key }
    /// The field in JSON and at destinations: `http_status`.
    public var field: String { Self.table[Int(self.rawValue)].field }
    /// The field as it stands in JSON before its value, with the comma before it.
    var member: [UInt8] { Self.table[Int(self.rawValue)].member }
    /// What its values are like.
    var rule: LogValueRule { Self.table[Int(self.rawValue)].rule }

    /// The key that code uses, or another name of it.
    init?(key: String) {
        guard let known = Self.byKey[key] else { return nil }
        self = known
    }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

    private var declaration: (key: String, rule: LogValueRule) {
        switch self {
        case .attempt: ("attempt", .integer)
        case .auditKind: ("audit.kind", .word)
        case .bytes: ("bytes", .integer)
        case .check: ("check", .word)
        case .count: ("count", .integer)
        case .destination: ("destination", .word)
        case .errorCode: ("error.code", .word)
        case .errorType: ("error.type", .typeName)
        case .httpMethod: ("http.method", .method)
        case .httpMilliseconds: ("http.milliseconds", .integer)
        case .httpRoute: ("http.route", .route)
        case .httpStatus: ("http.status", .integer)
        case .incident: ("incident", .word)
        case .kind: ("kind", .word)
        case .lockReason: ("lock.reason", .word)
        case .milliseconds: ("milliseconds", .integer)
        case .provider: ("provider", .word)
        case .reason: ("reason", .word)
        case .requestID: ("request.id", .word)
        case .spanID: ("span.id", .hexadecimal(16))
        case .state: ("state", .word)
        case .traceID: ("trace.id", .hexadecimal(32))
        }
    }

    private static let table: [(key: String, field: String, member: [UInt8], rule: LogValueRule)] = Self.allCases.map {
        let (key, rule) = $0.declaration
        let field = String(key.map { $0 == "." ? "_" : $0 })
        return (key, field, Array(",\"\(field)\":".utf8), rule)
    }

    private static let byKey: [String: LogKey] = {
        var keys = Dictionary(uniqueKeysWithValues: Self.allCases.map { ($0.key, $0) })
        keys["hb.request.id"] = .requestID  // what the HTTP server calls it
        return keys
    }()
}
