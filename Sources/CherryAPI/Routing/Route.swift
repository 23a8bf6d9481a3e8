import HTTPTypes

/// One route as it is registered.
struct Route: Sendable {
    /// Who may use a route.
    enum Access: Sendable {
        /// Anybody who reaches the server.
        case open
        /// Whoever has a session, while the vault is unlocked.
        case session
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
