/// The reasons of deliveries in words, for a person.
public enum DeliveryReason {
    /// What happened and what to do about it.
    ///
    /// - Parameter reason: as an outcome has it: `http_401`, `net_untrusted`, `fluent_denied`.
    public static func explanation(of reason: String) -> (message: String, hint: String?) {
        switch reason {
        case "http_401", "http_403", "fluent_denied":
            ("The destination does not accept the credentials.", "Set them anew; what waits is kept and sent then.")
        case "http_404", "http_405":
            ("There is something else at the address.", "Check the destination's address, without a path.")
        case "redirected":
            ("The address leads on to another one.", "Set the address that it leads to.")
        case "http_429", "rate_limited":
            ("The destination asks for patience.", "Raise its limits if this stays so.")
        case "too_large":
            ("A record was larger than the destination takes.", "It was thrown away and counted.")
        case "http_400", "http_413", "http_422", "rejected":
            ("The destination refused single records.", "See them with: cherry journal quarantine")
        case "unreadable":
            ("Records could not be read.", "See them with: cherry journal quarantine")
        case "fluent_key_needed":
            ("The server asks for a shared key.", "Set the one that is in its configuration.")
        case "fluent_impostor":
            ("The server does not know the shared key.", "Compare it with the one in the server's configuration.")
        case "fluent_no_ack":
            ("The server took records but did not acknowledge them in time.", "Check what it sends them on to.")
        case "fluent_closed":
            ("The server closed the connection.", "Check that the address is of a forward input, and the shared key.")
        case "net_untrusted":
            ("The destination's certificate was not accepted.", "Check the address and the certificate.")
        case "net_unreachable", "net_connectTimedOut", "unreachable":
            ("Nobody answers at the destination's address.", "Check the address, and that the server runs.")
        case "net_forbiddenAddress":
            ("The address may not be reached.", "Allow private addresses for it if the server is yours.")
        case "net_invalidAddress":
            ("The destination's address cannot be read.", "Write it like https://logs.example.com.")
        default:
            if reason.hasPrefix("http_5") {
                ("The destination has a failure of its own.", "Look into its log.")
            } else if reason.hasPrefix("net_") {
                ("The connection to the destination broke.", nil)
            } else {
                ("The delivery failed.", nil)
            }
        }
    }
}
