import HTTPTypes

/// One route as it is registered.
struct Route: Sendable {
    /// Who may use a route.
    enum Access: Sendable {
        /// Anybody who reaches the server.
        case open
        /// Whoever has a session, while the vault is unlocked.
        case session
        /// A program with a token of its own. Its protocol says how that, its origin and its patience are checked and
        /// refused, so the handler does it; the interface's document leaves such routes to that protocol.
        case token
    }

    /// How long a route may take.
    enum Pace: Sendable {
        case usual
        /// It reads or writes everything.
        case long
    }

    let method: HTTPRequest.Method
    /// As in the interface's document: `/api/v1/messages/{id}`.
    let template: String
    var access = Access.session
    var pace = Pace.usual
    /// Whether using it counts as the user being there, which puts off the idle lock. Not so for what an open window
    /// asks by itself.
    var isActivity = true
    /// Bytes of body that it takes; `nil` for the usual limit.
    var bodyLimit: Int?
}
