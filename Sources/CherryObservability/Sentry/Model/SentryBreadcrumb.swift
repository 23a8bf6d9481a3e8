public import CherryCore

/// Something that happened before an event, of a closed set of kinds. Its words are made here.
public struct SentryBreadcrumb: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// Something about the server as a whole.
        case milestone(SentryMilestone)
        /// The server answered, or a page was answered.
        case request(method: HTTPMethodName, route: RouteName, status: Int)
        /// A page was left for another.
        case navigation(from: RouteName, to: RouteName)
        /// Something on a page was used.
        case click(ElementName)
    }

    public var at: Timestamp
    public var kind: Kind

    public init(at: Timestamp, _ kind: Kind) {
        self.at = at
        self.kind = kind
    }

    var json: JSONValue {
        var json: JSONObject = ["timestamp": SentryTime.seconds(self.at)]
        switch self.kind {
        case .milestone(let milestone):
            json["category"] = "server"
            json["message"] = .string(milestone.rawValue)
        case .request(let method, let route, let status):
            json["type"] = "http"
            json["category"] = "http"
            json["data"] = [
                "method": .string(method.rawValue), "url": .string(route.text),
                "status_code": .integer(Int64((0...599).contains(status) ? status : 0)),
            ]
        case .navigation(let from, let to):
            json["type"] = "navigation"
            json["category"] = "navigation"
            json["data"] = ["from": .string(from.text), "to": .string(to.text)]
        case .click(let element):
            json["type"] = "user"
            json["category"] = "ui.click"
            json["message"] = .string(element.text)
        }
        return .object(json)
    }
}

/// What happened to the server as a whole.
public enum SentryMilestone: String, Sendable, Hashable, CaseIterable {
    case started, unlocked, locked, rotating, stopping
}

/// The methods of HTTP that are told; every other is `OTHER`.
public enum HTTPMethodName: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case other = "OTHER"

    public init(_ text: String) { self = Self(rawValue: text) ?? .other }
}

/// What was used on a page: its role, and its test id when it has one of the form `words-with-hyphens`. Never its text.
public struct ElementName: Sendable, Hashable {
    public let text: String

    /// The roles of ARIA that are told.
    public static let roles: Set<String> = [
        "button", "link", "checkbox", "radio", "switch", "tab", "menuitem", "option", "textbox", "combobox", "slider",
        "dialog", "listitem", "row", "image", "heading", "other",
    ]

    /// - Parameters:
    ///   - role: one of `roles`; anything else is `other`.
    ///   - testID: left out unless it is made of lower-case letters and hyphens alone.
    public init(role: String, testID: String?) {
        let role = Self.roles.contains(role) ? role : "other"
        let isPlain = { (text: String) in
            (1...40).contains(text.utf8.count) && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == 0x2d }
        }
        self.text = testID.flatMap { isPlain($0) ? "\(role) \($0)" : nil } ?? role
    }
}
