import HTTPTypes

/// All registered routes, to answer which methods a path has.
struct RouteTable: Sendable {
    private(set) var routes: [Route] = []

    mutating func add(_ route: Route) { self.routes.append(route) }

    /// The methods of the path, `HEAD` beside each `GET`, in order of name; `nil` when no route has it.
    func methods(at path: String) -> [HTTPRequest.Method]? {
        let parts = path.split(separator: "/")
        let found = self.routes.filter { Self.matches(parts, $0.template) }.map(\.method)
        guard !found.isEmpty else { return nil }
        let all = Set(found).union(found.contains(.get) ? [.head] : [])
        return all.sorted { $0.rawValue < $1.rawValue }
    }

    private static func matches(_ parts: [Substring], _ template: String) -> Bool {
        let wanted = template.split(separator: "/")
        guard parts.count == wanted.count else { return false }
        return zip(parts, wanted).allSatisfy { part, wanted in wanted.hasPrefix("{") || part == wanted }
    }
}
