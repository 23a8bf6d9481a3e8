import CherryCore

/// What a field of a change says: nothing, to clear the value, or a new one.
enum Edit<Value> {
    case keep
    case clear
    case set(Value)

    /// Applies the edit to a value that may be absent.
    func apply(to target: inout Value?) {
        switch self {
        case .keep: break
        case .clear: target = nil
        case .set(let value): target = value
        }
    }
}

extension Edit: Sendable where Value: Sendable {}

/// Takes the fields of one JSON object, one by one, each with its rule; what is left over at the end is refused.
///
/// Every refusal is an `APIError` with code `invalid` whose message names the field by its path.
struct Fields {
    private var values: [String: JSONValue]
    private let path: String

    /// Opens an object.
    ///
    /// - Parameter path: where the object is in the request; empty for the whole body.
    init(_ value: JSONValue, at path: String = "") throws {
        guard case .object(let values) = value else {
            throw APIError.invalid(path.isEmpty ? "The body must be an object." : "\(path): must be an object.")
        }
        self.values = values
        self.path = path
    }

    /// Refuses fields that nobody took.
    func finish() throws {
        // The first in order, so that the same request always gets the same answer. A name is cut: it is the client's.
        guard let stray = self.values.keys.min() else { return }
        throw APIError.invalid("\(self.name(String(stray.prefix(80)))): there is no such field.")
    }

    // MARK: Presence

    private func name(_ key: String) -> String { self.path.isEmpty ? key : "\(self.path).\(key)" }

    private func refusal(_ key: String, _ rule: String) -> APIError { .invalid("\(self.name(key)): \(rule).") }

    private mutating func required<Value>(
        _ key: String,
        _ read: (JSONValue, String) throws -> Value
    ) throws -> Value {
        guard let value = self.values.removeValue(forKey: key) else { throw self.refusal(key, "is missing") }
        return try read(value, key)
    }

    private mutating func optional<Value>(
        _ key: String,
        _ read: (JSONValue, String) throws -> Value
    ) throws -> Value? {
        guard let value = self.values.removeValue(forKey: key) else { return nil }
        return try read(value, key)
    }

    /// A field that may be absent, `null` or a value.
    private mutating func edit<Value>(
        _ key: String,
        _ read: (JSONValue, String) throws -> Value
    ) throws -> Edit<Value> {
        guard let value = self.values.removeValue(forKey: key) else { return .keep }
        if case .null = value { return .clear }
        return .set(try read(value, key))
    }

    // MARK: Text

    /// A text that must be there.
    mutating func text(_ key: String, _ rule: TextRule) throws -> String {
        try self.required(key) { try self.readText($0, $1, rule) }
    }

    /// A text that may be absent.
    mutating func optionalText(_ key: String, _ rule: TextRule) throws -> String? {
        try self.optional(key) { try self.readText($0, $1, rule) }
    }

    /// A text that may be absent, or `null` to clear it.
    mutating func editText(_ key: String, _ rule: TextRule) throws -> Edit<String> {
        try self.edit(key) { try self.readText($0, $1, rule) }
    }

    /// A list of texts that may be absent.
    mutating func optionalTexts(_ key: String, _ rule: TextRule, atMost limit: Int) throws -> [String]? {
        try self.optional(key) { value, key in
            guard case .array(let items) = value else { throw self.refusal(key, "must be a list") }
            guard items.count <= limit else { throw self.refusal(key, "must hold at most \(limit)") }
            return try items.enumerated().map { try self.readText($0.element, "\(key).\($0.offset)", rule) }
        }
    }

    private func readText(_ value: JSONValue, _ key: String, _ rule: TextRule) throws -> String {
        guard case .string(let text) = value else { throw self.refusal(key, "must be a text") }
        if let complaint = rule.complaint(about: text) { throw self.refusal(key, complaint) }
        return text
    }

    // MARK: Ids and references

    /// An id that must be there.
    mutating func id(_ key: String) throws -> RecordID {
        try self.required(key) { try self.readID($0, $1) }
    }

    /// An id that may be absent.
    mutating func optionalID(_ key: String) throws -> RecordID? {
        try self.optional(key) { try self.readID($0, $1) }
    }

    /// An id that may be absent, or `null` to clear it.
    mutating func editID(_ key: String) throws -> Edit<RecordID> {
        try self.edit(key) { try self.readID($0, $1) }
    }

    /// A model of a provider that may be absent, or `null` to clear it.
    mutating func editModel(_ key: String) throws -> Edit<ModelReference> {
        try self.edit(key) { value, key in
            var fields = try Fields(value, at: self.name(key))
            let reference = ModelReference(
                providerID: try fields.id("providerID"),
                model: try fields.text("model", .modelName)
            )
            try fields.finish()
            return reference
        }
    }

    private func readID(_ value: JSONValue, _ key: String) throws -> RecordID {
        guard case .string(let text) = value, let id = RecordID(text) else {
            throw self.refusal(key, "must be a UUID")
        }
        return id
    }

    // MARK: Numbers and the rest

    /// A whole number that must be there.
    mutating func integer(_ key: String, in range: ClosedRange<Int64>) throws -> Int64 {
        try self.required(key) { try self.readInteger($0, $1, range) }
    }

    /// A whole number that may be absent.
    mutating func optionalInteger(_ key: String, in range: ClosedRange<Int64>) throws -> Int64? {
        try self.optional(key) { try self.readInteger($0, $1, range) }
    }

    /// A whole number that may be absent, or `null` to clear it.
    mutating func editInteger(_ key: String, in range: ClosedRange<Int64>) throws -> Edit<Int64> {
        try self.edit(key) { try self.readInteger($0, $1, range) }
    }

    /// A number that may be absent, or `null` to clear it.
    mutating func editNumber(_ key: String, in range: ClosedRange<Double>) throws -> Edit<Double> {
        try self.edit(key) { value, key in
            let number: Double
            switch value {
            case .integer(let whole): number = Double(whole)
            case .number(let fraction): number = fraction
            default: throw self.refusal(key, "must be a number")
            }
            guard range.contains(number) else {
                throw self.refusal(key, "must be from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    /// A truth value that may be absent.
    mutating func optionalBool(_ key: String) throws -> Bool? {
        try self.optional(key) { value, key in
            guard case .bool(let truth) = value else { throw self.refusal(key, "must be true or false") }
            return truth
        }
    }

    /// One of a closed set of texts that must be there.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        of type: Choice.Type
    ) throws -> Choice where Choice.RawValue == String {
        try self.required(key) { try self.readChoice($0, $1, type) }
    }

    /// One of a closed set of texts that may be absent.
    mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        of type: Choice.Type
    ) throws -> Choice? where Choice.RawValue == String {
        try self.optional(key) { try self.readChoice($0, $1, type) }
    }

    /// Any JSON value that must be there, `null` included.
    mutating func value(_ key: String) throws -> JSONValue {
        try self.required(key) { value, _ in value }
    }

    /// An object that must be there.
    mutating func object(_ key: String) throws -> Fields {
        try self.required(key) { try Fields($0, at: self.name($1)) }
    }

    private func readInteger(_ value: JSONValue, _ key: String, _ range: ClosedRange<Int64>) throws -> Int64 {
        let number: Int64
        switch value {
        case .integer(let whole):
            number = whole
        case .number(let fraction):
            guard let whole = Int64(exactly: fraction) else { throw self.refusal(key, "must be a whole number") }
            number = whole
        default:
            throw self.refusal(key, "must be a whole number")
        }
        guard range.contains(number) else {
            throw self.refusal(key, "must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func readChoice<Choice: RawRepresentable & CaseIterable>(
        _ value: JSONValue,
        _ key: String,
        _ type: Choice.Type
    ) throws -> Choice where Choice.RawValue == String {
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw self.refusal(key, "must be one of \(names)")
        }
        return choice
    }
}
