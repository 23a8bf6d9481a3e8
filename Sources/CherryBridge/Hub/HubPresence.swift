import CherryCore

/// A tool as the others see it.
struct HubPresence: Sendable, Hashable {
    enum State: String, Sendable {
        case online
        /// Not connected, and still waited for.
        case away
        /// Not waited for any more.
        case gone
    }

    var name: String
    var kind: String
    var capabilities: [String]
    var status: String?
    var state: State

    var json: JSONValue {
        var object: JSONObject = ["name": .string(self.name), "state": .string(self.state.rawValue)]
        if self.state != .gone {
            object["kind"] = .string(self.kind)
            object["capabilities"] = .array(self.capabilities.map { .string($0) })
            if let status = self.status { object["status"] = .string(status) }
        }
        return .object(object)
    }
}
