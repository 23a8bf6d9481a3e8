import Foundation

/// Where a request wants to go, once that is found to be allowed.
///
/// Every request passes through this initializer before anything is resolved or opened: rules on which hosts may be
/// reached belong here.
struct EgressTarget {
    let host: String

    init(_ url: String) throws(NetError) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased() else {
            throw NetError(.invalidAddress, message: "The address is not a URL.", hint: Self.hint)
        }
        guard scheme == "http" || scheme == "https" else {
            throw NetError(.invalidAddress, message: "The address does not begin with http or https.", hint: Self.hint)
        }
        guard let host = parts.host, !host.isEmpty else {
            throw NetError(.invalidAddress, message: "The address names no host.", hint: Self.hint)
        }
        guard parts.user == nil, parts.password == nil else {
            throw NetError(
                .invalidAddress,
                message: "The address carries a user name or a password.",
                hint: "Leave them out of the address and enter the key by itself."
            )
        }
        self.host = host
    }

    private static let hint = "Write it like https://api.example.com/v1."
}
