import Synchronization

/// Remembers how addresses were read: most requests go to few of them.
final class KnownAddresses: Sendable {
    private static let limit = 64

    private let addresses = Mutex<[String: WebAddress]>([:])

    /// The parts of a URL.
    ///
    /// - Throws: `NetError` with code `.invalidAddress`.
    func address(_ url: String) throws(NetError) -> WebAddress {
        if let known = self.addresses.withLock({ $0[url] }) { return known }
        let address = try WebAddress(url)
        self.addresses.withLock { addresses in
            if addresses.count >= Self.limit { addresses.removeAll() }
            addresses[url] = address
        }
        return address
    }
}
