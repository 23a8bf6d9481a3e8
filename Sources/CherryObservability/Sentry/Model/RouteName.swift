/// The template of a route or of a page, `/api/v1/messages/{id}`; never a path as it was asked for.
public struct RouteName: Sendable, Hashable {
    public let text: String

    /// A template as the router of the server knows it; what does not look like one becomes `other`.
    public init(template: String?) {
        guard let template else {
            self.text = "none"
            return
        }
        let parts = template.split(separator: "/")
        let isTemplate = parts.allSatisfy { part in
            let name = part.hasPrefix("{") && part.hasSuffix("}") ? part.dropFirst().dropLast() : part
            return (1...40).contains(name.utf8.count)
                && name.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || "-_.".utf8.contains(byte)
                }
        }
        self.text = isTemplate && template.utf8.count <= 120 ? template : "other"
    }

    /// A page of the web app; `nil` for anything that is not one of them, since it comes from outside.
    public init?(page: String) {
        guard Self.pages.contains(page) else { return nil }
        self.text = page
    }

    /// A route of the server as a page names it, with `{id}` for every part that is a record's; `nil` for anything that the
    /// server does not have.
    ///
    /// - Parameter routes: the server's templates in the same form, by `withoutNames`.
    public init?(route: String, of routes: Set<String>) {
        guard routes.contains(route) else { return nil }
        self.init(template: route)
    }

    /// A template with `{id}` for each of its parameters, whatever they are called.
    public static func withoutNames(_ template: String) -> String {
        template.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("{") ? "{id}" : String($0) }
            .joined(separator: "/")
    }

    /// The pages of the web app, as `web/src/lib/sentry/places.ts` names them.
    public static let pages: Set<String> = [
        "/", "/c/{id}", "/personas", "/settings", "/status", "/usage", "/requests", "/unlock", "/first-run", "/other",
    ]
}
