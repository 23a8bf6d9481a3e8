import CherryCore

/// The arguments of a tool that must be repeated in HTTP headers, as its schema marks them with `x-mcp-header`.
///
/// Source: the specification's page on streamable HTTP, 2026-07-28, "Custom Headers from Tool Parameters".
struct MCPParameterHeaders: Sendable, Hashable {
    private static let mark = "x-mcp-header"
    /// Keywords under which schemas stand, other than `properties`.
    private static let single: Set<String> = [
        "items", "contains", "unevaluatedItems", "additionalProperties", "propertyNames", "unevaluatedProperties",
        "not",
        "if", "then", "else", "contentSchema",
    ]
    private static let lists: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems"]
    private static let maps: Set<String> = ["patternProperties", "dependentSchemas", "$defs", "definitions"]

    /// Paths of properties, each with its header's name after the prefix.
    private var places: [(path: [String], header: String)] = []

    /// Reads a schema; `nil` when it marks what cannot be in a header, so that the tool must not be used.
    init?(_ schema: JSONValue) {
        guard self.collect(schema, path: []) else { return nil }
        guard Set(self.places.map { $0.header.lowercased() }).count == self.places.count else { return nil }
    }

    /// - Parameter path: `nil` where a place cannot be reached by properties alone.
    private mutating func collect(_ schema: JSONValue, path: [String]?) -> Bool {
        guard case .object(let members) = schema else { return true }
        if let header = members[Self.mark] {
            guard let path, !path.isEmpty, let name = header.string, Self.isToken(name),
                ["string", "integer", "boolean"].contains(members["type"]?.string)
            else { return false }
            self.places.append((path, name))
        }
        for (key, value) in members {
            let isFine: Bool
            switch key {
            case "properties":
                isFine = (value.object ?? [:]).allSatisfy { name, schema in
                    self.collect(schema, path: path.map { $0 + [name] })
                }
            case _ where Self.single.contains(key): isFine = self.collect(value, path: nil)
            case _ where Self.lists.contains(key):
                isFine = (value.array ?? []).allSatisfy { self.collect($0, path: nil) }
            case _ where Self.maps.contains(key):
                isFine = (value.object ?? [:]).allSatisfy { self.collect($0.value, path: nil) }
            default: isFine = true
            }
            guard isFine else { return false }
        }
        return true
    }

    /// The headers for a call.
    func headers(for arguments: JSONObject) -> [(name: String, value: String)] {
        self.places.compactMap { path, header in
            let value = path.reduce(JSONValue.object(arguments) as JSONValue?) { $0?[$1] }
            let text: String
            switch value {
            case .string(let string): text = string
            case .integer(let number): text = String(number)
            case .number(let number): text = Int64(exactly: number).map { String($0) } ?? "\(number)"
            case .bool(let truth): text = truth ? "true" : "false"
            default: return nil
            }
            return (MCPHeaders.parameterPrefix + header, MCPHeaders.encode(text))
        }
    }

    /// A field name of RFC 9110, section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        let others = Set("!#$%&'*+-.^_`|~".utf8)
        return !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || others.contains(byte)
            }
    }

    static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.places.elementsEqual(rhs.places) { $0.path == $1.path && $0.header == $1.header }
    }

    func hash(into hasher: inout Hasher) {
        for place in self.places {
            hasher.combine(place.path)
            hasher.combine(place.header)
        }
    }
}
