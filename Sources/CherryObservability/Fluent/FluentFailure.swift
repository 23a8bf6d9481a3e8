/// Why a chunk was not acknowledged.
enum FluentFailure: Error, Hashable {
    /// The greeting failed.
    case handshake(FluentHandshake.Failure)
    /// The server asks for a shared key, and none is set.
    case keyNeeded
    /// What the server says is no answer of the protocol.
    case garbled
    /// The server closed before it acknowledged.
    case closed
    /// The server stayed silent for too long.
    case noAcknowledgement

    /// A name for the ledger.
    var reason: String {
        switch self {
        case .handshake(.garbled), .garbled: "fluent_garbled"
        case .handshake(.denied): "fluent_denied"
        case .handshake(.impostor): "fluent_impostor"
        case .keyNeeded: "fluent_key_needed"
        case .closed: "fluent_closed"
        case .noAcknowledgement: "fluent_no_ack"
        }
    }

    /// Whether a person has to do something before it can get better.
    var needsPerson: Bool {
        switch self {
        case .handshake(.denied), .handshake(.impostor), .keyNeeded: true
        case .handshake(.garbled), .garbled, .closed, .noAcknowledgement: false
        }
    }
}
