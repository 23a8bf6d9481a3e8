import CherryCore
import HTTPTypes
import Testing

@testable import CherryAPI

@Suite("The description of the interface")
struct OpenAPITests {
    private let document = OpenAPIDocument.make(version: "1.2.3")

    private static let methods = ["get", "post", "put", "patch", "delete"]

    private var operations: [(name: String, operation: JSONValue)] {
        guard case .object(let paths) = self.document["paths"] else { return [] }
        return paths.flatMap { path, item in
            Self.methods.compactMap { method in
                item[method] == .null ? nil : ("\(method.uppercased()) \(path)", item[method])
            }
        }
    }

    @Test("Every route is described, and every description has its route")
    func complete() throws {
        let stage = try Stage()
        let routes = stage.makeServer().routes.map { "\($0.method.rawValue) \($0.template)" }
        #expect(Set(routes).count == routes.count)
        #expect(Set(routes) == Set(self.operations.map(\.name)))
    }

    @Test("A route asks for a session exactly when its description does")
    func security() throws {
        let stage = try Stage()
        for route in stage.makeServer().routes {
            let path: JSONValue = self.document["paths"][route.template]
            let operation: JSONValue = path[route.method.rawValue.lowercased()]
            let isOpen = !operation["security"].isNull
            #expect(isOpen == (route.access == .open), "\(route.template)")
            if route.access == .session { #expect(operation["responses"].keys.contains("423")) }
        }
    }

    @Test("Every reference leads somewhere")
    func references() {
        var broken: [String] = []
        func walk(_ value: JSONValue) {
            switch value {
            case .object(let fields):
                if case .string(let reference)? = fields["$ref"], !self.resolves(reference) { broken.append(reference) }
                fields.forEach { walk($0.value) }
            case .array(let items): items.forEach(walk)
            default: break
            }
        }
        walk(self.document)
        #expect(broken.isEmpty)
    }

    private func resolves(_ reference: String) -> Bool {
        guard reference.hasPrefix("#/") else { return false }
        let place = reference.dropFirst(2).split(separator: "/").reduce(self.document) { $0[String($1)] }
        return !place.isNull
    }

    @Test("Every operation has a name of its own, a summary and an answer that is a success")
    func operationsAreNamed() {
        let ids = self.operations.map { $0.operation["operationId"].text }
        #expect(Set(ids).count == ids.count)
        #expect(!ids.contains(""))
        for (name, operation) in self.operations {
            #expect(!operation["summary"].text.isEmpty, "\(name)")
            #expect(operation["responses"].keys.contains { $0.hasPrefix("2") }, "\(name)")
        }
    }

    @Test("What changes something asks for the header, and what has a body says how bad ones are refused")
    func refusals() {
        for (name, operation) in self.operations {
            let parameters = operation["parameters"].items.map { $0["$ref"].text }
            let asks = parameters.contains("#/components/parameters/XCherry")
            #expect(asks == !name.hasPrefix("GET"), "\(name)")
            let statuses = operation["responses"].keys
            #expect(statuses.isSuperset(of: ["413", "421", "500", "503"]), "\(name)")
            if !operation["requestBody"].isNull {
                #expect(statuses.isSuperset(of: ["400", "403", "415", "422"]), "\(name)")
            }
            if name.contains("{") { #expect(statuses.contains("404"), "\(name)") }
        }
    }

    @Test("Fields that are not described are refused by every request's schema")
    func closed() {
        for (name, operation) in self.operations {
            let schema: JSONValue = operation["requestBody"]["content"]["application/json"]["schema"]
            guard !schema.isNull, !name.hasSuffix("/import") else { continue }
            for part in schema["oneOf"].items.isEmpty ? [schema] : schema["oneOf"].items {
                let reference = part["$ref"].text.split(separator: "/").last.map(String.init)
                let schemas: JSONValue = self.document["components"]["schemas"]
                let resolved: JSONValue = reference.map { schemas[$0] } ?? part
                #expect(resolved["additionalProperties"] == false, "\(name)")
            }
        }
    }

    @Test("The server hands it out with its version")
    func served() async throws {
        try await Stage().run { visitor in
            let answer = try await visitor.call(.get, "/openapi.json")
            #expect(answer.status == .ok)
            #expect(answer["openapi"] == "3.1.0")
            #expect(answer["info"]["version"] == "1.2.3")
        }
    }
}
