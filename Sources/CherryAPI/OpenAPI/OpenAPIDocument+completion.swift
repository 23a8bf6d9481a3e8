import CherryCore

extension OpenAPIDocument {
    private static let methods: Set<String> = ["get", "post", "put", "patch", "delete"]

    /// Adds to each operation of a path the header and the refusals that follow from what kind of operation it is.
    static func completed(_ path: JSONValue) -> JSONValue {
        guard case .object(var path) = path else { return path }
        let pathParameters = self.list(path["parameters"])
        for method in self.methods {
            guard case .object(var operation) = path[method] else { continue }
            let parameters = self.list(operation["parameters"])
            let isOpen = operation["security"] != nil
            let changes = method != "get"
            var refusals = ["413", "421", "500", "503"]
            if !isOpen { refusals += ["401", "423"] }
            if changes { refusals += ["403"] }
            if changes, !isOpen { refusals += ["409", "507"] }
            if operation["requestBody"] != nil { refusals += ["400", "415", "422"] }
            if !changes, !isOpen || !parameters.isEmpty { refusals += ["422"] }
            if !pathParameters.isEmpty { refusals += ["404"] }
            if changes {
                operation["parameters"] = .array(
                    parameters + [.object(["$ref": .string("#/components/parameters/XCherry")])]
                )
            }
            operation["responses"] = self.responses(operation["responses"], adding: refusals)
            path[method] = .object(operation)
        }
        return .object(path)
    }

    private static func responses(_ stated: JSONValue?, adding statuses: [String]) -> JSONValue {
        guard case .object(var responses) = stated else { return .object([:]) }
        for status in statuses where responses[status] == nil {
            responses[status] = .object(["$ref": .string("#/components/responses/E\(status)")])
        }
        return .object(responses)
    }

    private static func list(_ value: JSONValue?) -> [JSONValue] {
        guard case .array(let items) = value else { return [] }
        return items
    }
}
