import CherryCore
import Foundation
import Synchronization

/// The description of the interface: the fragments of each area put together, with what goes without saying for every
/// operation of a kind.
///
/// Made when it is first asked for, so that starting the server does not wait for it.
final class OpenAPIDocument: Sendable {
    /// The document of this program.
    static let shared = OpenAPIDocument()

    private let cache = Mutex<[String: Data]>([:])

    private static let fragments = [
        OpenAPIDocument.access, OpenAPIDocument.vault, OpenAPIDocument.conversations, OpenAPIDocument.personas,
        OpenAPIDocument.providers, OpenAPIDocument.routing, OpenAPIDocument.usage, OpenAPIDocument.caches,
        OpenAPIDocument.telemetry, OpenAPIDocument.journal, OpenAPIDocument.figures, OpenAPIDocument.tools,
        OpenAPIDocument.logs, OpenAPIDocument.data, OpenAPIDocument.common,
    ]

    /// The JSON text.
    ///
    /// - Parameter version: the program's version.
    func data(version: String) -> Data {
        self.cache.withLock { cache in
            if let known = cache[version] { return known }
            let data = JSON.encode(Self.make(version: version))
            cache[version] = data
            return data
        }
    }

    /// The document as a value.
    static func make(version: String) -> JSONValue {
        var paths: JSONObject = [:]
        var components: JSONValue = [:]
        for text in self.fragments {
            for (section, content) in self.decode(text) {
                for (name, part) in content.object ?? [:] {
                    if section == "paths" {
                        paths[name] = paths[name] ?? part
                    } else {
                        components[section, default: [:]][name] = components[section]?[name] ?? part
                    }
                }
            }
        }
        for (name, collection) in self.records {
            components["schemas", default: [:]]["\(name)Record"] = self.envelope(of: name, in: collection)
        }
        return .object([
            "openapi": .string("3.1.0"),
            "info": .object([
                "title": .string("cherry"),
                "version": .string(version),
                "description": .string("The interface between a cherry server and its clients."),
                "license": .object(["name": .string("Apache-2.0"), "identifier": .string("Apache-2.0")]),
            ]),
            "security": .array([.object(["session": .array([])])]),
            "paths": .object(paths.mapValues(self.completed)),
            "components": components,
        ])
    }

    /// The records that are sent in an envelope, by the name of their value's schema.
    private static let records: [(name: String, collection: String)] = [
        ("Conversation", "conversations"), ("Message", "messages"), ("Persona", "personas"),
        ("Preference", "preferences"), ("Provider", "providers"), ("ModelAlias", "aliases"), ("BridgeToken", "tokens"),
        ("ModelPrice", "prices"), ("ToolServer", "servers"), ("ContextItem", "context"),
    ]

    private static func decode(_ text: String) -> JSONObject {
        do {
            return try JSONValue(parsing: text).object ?? [:]
        } catch {
            fatalError("a fragment of the interface's description is not JSON: \(error)")
        }
    }

    private static func envelope(of name: String, in collection: String) -> JSONValue {
        let number = JSONValue.object(["type": .string("integer"), "minimum": .integer(0)])
        let fields: JSONObject = [
            "id": .object(["$ref": .string("#/components/schemas/ID")]),
            "version": number,
            "position": number,
            "changedAt": .object(["$ref": .string("#/components/schemas/Time")]),
            "collection": .object(["type": .string("string"), "enum": .array([.string(collection)])]),
            "value": .object(["$ref": .string("#/components/schemas/\(name)")]),
        ]
        return .object([
            "type": .string("object"),
            "required": .array(fields.keys.sorted().map { .string($0) }),
            "properties": .object(fields),
            "additionalProperties": .bool(false),
        ])
    }
}
