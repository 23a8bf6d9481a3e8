import NIOCore

/// An IPv4 or IPv6 address as a number. A zone is no part of it.
enum IPAddress: Sendable, Hashable {
    case v4(UInt32)
    case v6(UInt128)

    /// The address of a socket; `nil` for a socket of the file system.
    init?(_ address: SocketAddress) {
        // In both structures the address follows the family and the port, in IPv6 the flow as well.
        switch address {
        case .v4(let address):
            self = .v4(withUnsafeBytes(of: address.address) { $0[4..<8].reduce(0) { $0 << 8 | UInt32($1) } })
        case .v6(let address):
            self = .v6(withUnsafeBytes(of: address.address) { $0[8..<24].reduce(0) { $0 << 8 | UInt128($1) } })
        case .unixDomainSocket: return nil
        }
    }

    /// Reads four numbers from 0 to 255 without leading zeros, and nothing of what `inet_aton` takes besides.
    init?(v4 text: Substring) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 0x30, let number = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(number)
        }
        self = .v4(value)
    }

    /// Reads an IPv6 address, without brackets and without a zone.
    init?(v6 text: Substring) {
        guard !text.utf8.contains(0x25), text.utf8.contains(0x3a) else { return nil }
        guard let address = try? SocketAddress(ipAddress: String(text), port: 0) else { return nil }  // no address
        self.init(address)
        guard case .v6 = self else { return nil }
    }

    /// The address with a port, to connect to.
    func socketAddress(port: Int) -> SocketAddress {
        var bytes = ByteBuffer()
        switch self {
        case .v4(let value): bytes.writeInteger(value)
        case .v6(let value):
            bytes.writeInteger(UInt64(truncatingIfNeeded: value >> 64))
            bytes.writeInteger(UInt64(truncatingIfNeeded: value))
        }
        guard let address = try? SocketAddress(packedIPAddress: bytes, port: port) else {
            fatalError("four or sixteen bytes are an address")
        }
        return address
    }
}
