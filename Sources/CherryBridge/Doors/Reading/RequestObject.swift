import CherryCore

/// Reads the members of one object of a request and notices those that nobody asked for.
///
/// `null` counts as absent, as it does in the APIs themselves.
struct RequestObject {
    /// Where it stands in the request, such as `messages[0]`; empty for the request itself.
    let path: String
    private let members: JSONObject
    private var known: [String] = []

    /// - Throws: `.invalid` when `value` is no object.
    init(_ value: JSONValue, at path: String) throws {
        guard let members = value.object else { throw BridgeError.invalid(path, "must be an object") }
        self.path = path
        self.members = members
    }

    /// Where the member `key` stands.
    func path(of key: String) -> String { self.path.isEmpty ? key : "\(self.path).\(key)" }

    /// The member `key`, of whatever type.
    mutating func value(_ key: String) -> JSONValue? {
        self.known.append(key)
        return self.members[key].flatMap { $0.isNull ? nil : $0 }
    }

    mutating func string(_ key: String) throws -> String? {
        try self.read(key, "must be a text") { $0.string }
    }

    mutating func bool(_ key: String) throws -> Bool? {
        try self.read(key, "must be true or false") { $0.bool }
    }

    mutating func integer(_ key: String, from minimum: Int? = nil) throws -> Int? {
        try self.read(key, minimum.map { "must be a whole number of at least \($0)" } ?? "must be a whole number") {
            $0.integer.flatMap { $0 < minimum ?? .min ? nil : $0 }
        }
    }

    mutating func number(_ key: String) throws -> Double? {
        try self.read(key, "must be a number") { $0.number }
    }

    /// The elements of the member `key`, each with where it stands.
    mutating func array(_ key: String) throws -> [(path: String, value: JSONValue)]? {
        try self.read(key, "must be a list") { $0.array }.map { Self.numbered($0, at: self.path(of: key)) }
    }

    mutating func strings(_ key: String) throws -> [String]? {
        try self.array(key)?.map { element in
            guard let text = element.value.string else { throw BridgeError.invalid(element.path, "must be a text") }
            return text
        }
    }

    mutating func object(_ key: String) throws -> RequestObject? {
        try self.value(key).map { try RequestObject($0, at: self.path(of: key)) }
    }

    mutating func requiredString(_ key: String) throws -> String {
        try self.required(try self.string(key), key)
    }

    /// - Throws: `.invalid` when `value`, which the member `key` was read as, is missing.
    func required<Value>(_ value: Value?, _ key: String) throws -> Value {
        guard let value else { throw BridgeError.invalid(self.path(of: key), "is missing") }
        return value
    }

    /// Takes members that have no influence on the answer, whatever they say.
    mutating func pass(_ keys: String...) { self.known += keys }

    /// Takes the member `key` only while it says what holds anyway.
    ///
    /// - Parameter what: what it asks for, as in "cannot be had here: …".
    mutating func refuse(_ key: String, _ what: String, unless isHarmless: (JSONValue) -> Bool = { _ in false }) throws
    {
        guard let value = self.value(key), !isHarmless(value) else { return }
        throw BridgeError.notOffered(self.path(of: key), what)
    }

    /// - Throws: `.invalid`, naming the first member that nobody asked for.
    func end() throws {
        guard let stranger = self.members.first(where: { !self.known.contains($0.key) }) else { return }
        throw BridgeError.invalid(self.path(of: Self.shown(stranger.key)), "is not known")
    }

    static func numbered(_ elements: [JSONValue], at path: String) -> [(path: String, value: JSONValue)] {
        elements.enumerated().map { (path: "\(path)[\($0.offset)]", value: $0.element) }
    }

    private mutating func read<Value>(
        _ key: String,
        _ demand: String,
        _ convert: (JSONValue) -> Value?
    ) throws -> Value? {
        guard let value = self.value(key) else { return nil }
        guard let converted = convert(value) else { throw BridgeError.invalid(self.path(of: key), demand) }
        return converted
    }

    /// A key that a stranger chose, short and on one line.
    private static func shown(_ key: String) -> String {
        String(String.UnicodeScalarView(key.unicodeScalars.prefix(60).map { $0.isASCII && $0.value > 0x20 ? $0 : "?" }))
    }
}

extension BridgeError {
    /// A request that is none of the API in which it was made.
    static func invalid(_ field: String, _ what: String) -> BridgeError {
        BridgeError(
            .invalid,
            message: field.isEmpty
                ? "The request is not one of this API: it \(what)."
                : "The request is not one of this API: `\(field)` \(what).",
            field: field.isEmpty ? nil : field
        )
    }

    /// Something that the API has and the bridge has not.
    static func notOffered(_ field: String, _ what: String, hint: String = "Leave it out.") -> BridgeError {
        BridgeError(.unsupported, message: "This cannot be had here: \(what) (`\(field)`).", hint: hint, field: field)
    }
}
