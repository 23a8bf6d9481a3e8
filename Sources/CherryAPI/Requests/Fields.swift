import CherryCore

/// Takes the fields of one JSON object, one by one, each with its rule; what is left over at the end is refused.
///
/// Every refusal is an `APIError` with code `invalid` whose message names the field by its path.
struct Fields {
    private var values: JSONObject
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
        throw APIError.invalid("\(self.place(of: String(stray.prefix(80)))): there is no such field.")
    }

    // MARK: Presence

    private func place(of key: String) -> String { self.path.isEmpty ? key : "\(self.path).\(key)" }

    private mutating func optional(_ key: String) -> FieldValue? {
        self.values.removeValue(forKey: key).map { FieldValue($0, at: self.place(of: key)) }
    }

    private mutating func required(_ key: String) throws -> FieldValue {
        guard let value = self.optional(key) else { throw APIError.invalid("\(self.place(of: key)): is missing.") }
        return value
    }

    private mutating func edit<Value>(
        _ key: String,
        _ read: (FieldValue) throws -> Value
    ) throws -> Edit<Value> {
        guard let value = self.optional(key) else { return .keep }
        return value.isNull ? .clear : .set(try read(value))
    }

    // MARK: Text

    /// A text that must be there.
    mutating func text(_ key: String, _ rule: TextRule) throws -> String {
        try self.required(key).text(rule)
    }

    /// A text that may be absent.
    mutating func optionalText(_ key: String, _ rule: TextRule) throws -> String? {
        try self.optional(key)?.text(rule)
    }

    /// A text that may be absent, or `null` to clear it.
    mutating func editText(_ key: String, _ rule: TextRule) throws -> Edit<String> {
        try self.edit(key) { try $0.text(rule) }
    }

    /// A list of texts that may be absent.
    mutating func optionalTexts(_ key: String, _ rule: TextRule, atMost limit: Int) throws -> [String]? {
        try self.optional(key)?.list(atMost: limit).map { try $0.text(rule) }
    }

    /// One of a closed set of texts that must be there.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        of type: Choice.Type
    ) throws -> Choice where Choice.RawValue == String {
        try self.required(key).choice(of: type)
    }

    /// One of a closed set of texts that may be absent.
    mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        of type: Choice.Type
    ) throws -> Choice? where Choice.RawValue == String {
        try self.optional(key)?.choice(of: type)
    }

    /// A list of texts that may be absent, or `null` to clear it.
    mutating func editTexts(_ key: String, _ rule: TextRule, atMost limit: Int) throws -> Edit<[String]> {
        try self.edit(key) { try $0.list(atMost: limit).map { try $0.text(rule) } }
    }

    /// A list of objects that may be absent.
    mutating func optionalObjects(_ key: String, atMost limit: Int) throws -> [Fields]? {
        try self.optional(key)?.list(atMost: limit).map { try $0.object() }
    }

    // MARK: Ids and references

    /// An id that must be there.
    mutating func id(_ key: String) throws -> RecordID { try self.required(key).id() }

    /// An id that may be absent.
    mutating func optionalID(_ key: String) throws -> RecordID? { try self.optional(key)?.id() }

    /// An id that may be absent, or `null` to clear it.
    mutating func editID(_ key: String) throws -> Edit<RecordID> {
        try self.edit(key) { try $0.id() }
    }

    /// A model of a provider that may be absent, or `null` to clear it.
    mutating func editModel(_ key: String) throws -> Edit<ModelReference> {
        try self.edit(key) { value in
            var fields = try value.object()
            let reference = ModelReference(
                providerID: try fields.id("providerID"),
                model: try fields.text("model", .modelName)
            )
            try fields.finish()
            return reference
        }
    }

    // MARK: Numbers and the rest

    /// A whole number that must be there.
    mutating func integer(_ key: String, in range: ClosedRange<Int64>) throws -> Int64 {
        try self.required(key).integer(in: range)
    }

    /// A whole number that may be absent.
    mutating func optionalInteger(_ key: String, in range: ClosedRange<Int64>) throws -> Int64? {
        try self.optional(key)?.integer(in: range)
    }

    /// A whole number that may be absent, or `null` to clear it.
    mutating func editInteger(_ key: String, in range: ClosedRange<Int64>) throws -> Edit<Int64> {
        try self.edit(key) { try $0.integer(in: range) }
    }

    /// The version of a record that the client saw.
    mutating func baseVersion() throws -> Int64 { try self.integer("baseVersion", in: Self.versions) }

    /// Versions, and positions of the feed, that a client can have seen: what every JSON reader holds exactly.
    static let versions: ClosedRange<Int64> = 0...(1 << 53)

    /// A number that may be absent, or `null` to clear it.
    mutating func editNumber(_ key: String, in range: ClosedRange<Double>) throws -> Edit<Double> {
        try self.edit(key) { try $0.number(in: range) }
    }

    /// A number that may be absent.
    mutating func optionalNumber(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
        try self.optional(key)?.number(in: range)
    }

    /// A truth value that may be absent.
    mutating func optionalBool(_ key: String) throws -> Bool? { try self.optional(key)?.bool() }

    /// Any JSON value that must be there, `null` included.
    mutating func value(_ key: String) throws -> JSONValue { try self.required(key).value }

    /// An object that must be there.
    mutating func object(_ key: String) throws -> Fields { try self.required(key).object() }

    /// An object that may be absent.
    mutating func optionalObject(_ key: String) throws -> Fields? { try self.optional(key)?.object() }

    /// An object that may be absent, or `null` to clear it.
    mutating func editObject(_ key: String) throws -> Edit<Fields> {
        try self.edit(key) { try $0.object() }
    }

    /// An object of objects, with names of the client's choice; may be absent.
    mutating func optionalMembers(_ key: String, atMost limit: Int) throws -> [(name: String, fields: Fields)]? {
        try self.optional(key)?.members(atMost: limit)
    }
}
