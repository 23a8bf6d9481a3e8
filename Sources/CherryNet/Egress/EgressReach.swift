/// Where a request may go. What counts is the address that is connected to, never the name.
public enum EgressReach: Sendable, Hashable {
    /// To servers on the internet alone: not to this machine, not into its networks.
    case publicOnly
    /// To this machine and its networks as well, for a place that the user chose. A cloud's metadata service stays out
    /// of reach, and so does multicast.
    case anywhere

    /// The reach of an address that the user entered: into the own network when they wrote `localhost`, an address of
    /// loopback or of a private network, or when they allow it.
    ///
    /// A name that only resolves to such an address says nothing about what the user wanted.
    public static func entered(_ url: String, allowsPrivateAddresses: Bool = false) -> EgressReach {
        if allowsPrivateAddresses { return .anywhere }
        guard let address = try? WebAddress(url) else { return .publicOnly }  // refused when it is used
        return self.entered(address)
    }

    /// The same for an address that has been read.
    static func entered(_ address: WebAddress, allowsPrivateAddresses: Bool = false) -> EgressReach {
        if allowsPrivateAddresses { return .anywhere }
        return switch address.host {
        case .name(let name): name == "localhost" || name.hasSuffix(".localhost") ? .anywhere : .publicOnly
        case .address(let address):
            [.loopback, .privateNetwork].contains(AddressRules.kind(of: address)) ? .anywhere : .publicOnly
        }
    }

    /// Whether a connection to `address` may be made.
    func permits(_ address: IPAddress) -> Bool {
        let kind = AddressRules.kind(of: address)
        return switch self {
        case .publicOnly: kind == .public
        case .anywhere: kind != .metadata && kind != .multicast
        }
    }
}
