/// What an address is for, by the registries of special-purpose addresses of IANA (RFC 6890) and by what clouds keep
/// behind fixed addresses.
enum AddressKind: Sendable, Hashable {
    /// A place on the internet.
    case `public`
    /// This machine.
    case loopback
    /// No address; many systems connect to themselves instead.
    case unspecified
    /// A home's or a company's network.
    case privateNetwork
    /// The cable.
    case linkLocal
    /// Between a provider and its customers (RFC 6598); also what overlay networks give out.
    case sharedSpace
    case multicast
    /// Documentation, tests of speed, transition mechanisms, and what is not given out yet.
    case reserved
    /// Where a cloud tells a machine its credentials.
    case metadata
}

/// Sorts addresses into kinds. An IPv4 address within an IPv6 address counts as itself.
enum AddressRules {
    static func kind(of address: IPAddress) -> AddressKind {
        switch address {
        case .v4(let value): self.kind(of: value)
        case .v6(let value): self.kind(of: value)
        }
    }

    private static func kind(of address: UInt32) -> AddressKind {
        if self.metadata.contains(address) { return .metadata }
        return self.blocks.first { address >> (32 - $0.length) == $0.prefix >> (32 - $0.length) }?.kind ?? .public
    }

    private static func kind(of address: UInt128) -> AddressKind {
        if self.metadata6.contains(address) { return .metadata }
        let low = UInt32(truncatingIfNeeded: address)
        // IPv4-mapped (RFC 4291) and NAT64 (RFC 6052): the packets go to the IPv4 address.
        if address >> 32 == 0xffff || address >> 32 == 0x0064_ff9b << 64 { return self.kind(of: low) }
        if self.embedded(in: address).contains(where: self.metadata.contains) { return .metadata }
        let block = self.blocks6.first { address >> (128 - $0.length) == $0.prefix >> (128 - $0.length) }
        return block?.kind ?? .reserved
    }

    /// IPv4 addresses that an address of a transition mechanism may lead to.
    private static func embedded(in address: UInt128) -> [UInt32] {
        let low = UInt32(truncatingIfNeeded: address)
        // IPv4-compatible (RFC 4291).
        if address >> 32 == 0 { return [low] }
        // 6to4 (RFC 3056).
        if address >> 112 == 0x2002 { return [UInt32(truncatingIfNeeded: address >> 80)] }
        // Teredo (RFC 4380): the server, and the client with its bits turned over.
        if address >> 96 == 0x2001_0000 { return [UInt32(truncatingIfNeeded: address >> 64), ~low] }
        // NAT64 with a prefix of the network's own (RFC 8215), of 96 or of 48 bits: bits 64 to 71 are passed over.
        if address >> 80 == 0x0064_ff9b_0001 {
            let high = UInt32(truncatingIfNeeded: address >> 64) << 16
            return [low, high | UInt32(truncatingIfNeeded: address >> 40) & 0xffff]
        }
        return []
    }

    private typealias Block<Number> = (prefix: Number, length: Int, kind: AddressKind)

    private static let blocks: [Block<UInt32>] = [
        (0x0000_0000, 8, .unspecified),
        (0x0a00_0000, 8, .privateNetwork),
        (0x6440_0000, 10, .sharedSpace),
        (0x7f00_0000, 8, .loopback),
        (0xa9fe_0000, 16, .linkLocal),
        (0xac10_0000, 12, .privateNetwork),
        (0xc000_0000, 24, .reserved),
        (0xc000_0200, 24, .reserved),
        (0xc058_6300, 24, .reserved),
        (0xc0a8_0000, 16, .privateNetwork),
        (0xc612_0000, 15, .reserved),
        (0xc633_6400, 24, .reserved),
        (0xcb00_7100, 24, .reserved),
        (0xe000_0000, 4, .multicast),
        (0xf000_0000, 4, .reserved),
    ]

    /// The first that fits counts. What no block holds is not given out.
    private static let blocks6: [Block<UInt128>] = [
        (0, 128, .unspecified),
        (1, 128, .loopback),
        (0x2001 << 112, 23, .reserved),
        (0x2001_0db8 << 96, 32, .reserved),
        (0x2002 << 112, 16, .reserved),
        (0x3fff << 112, 20, .reserved),
        (0x2000 << 112, 3, .public),
        (0xfc00 << 112, 7, .privateNetwork),
        (0xfe80 << 112, 10, .linkLocal),
        (0xfec0 << 112, 10, .privateNetwork),
        (0xff00 << 112, 8, .multicast),
    ]

    /// 169.254.169.254 (most clouds), 169.254.170.2 and .23 (containers at Amazon), 169.254.0.23 (Tencent),
    /// 169.254.42.42 (Scaleway), 100.100.100.200 (Alibaba), 192.0.0.192 (Oracle), 168.63.129.16 (Azure).
    private static let metadata: Set<UInt32> = [
        0xa9fe_a9fe, 0xa9fe_aa02, 0xa9fe_aa17, 0xa9fe_0017, 0xa9fe_2a2a, 0x6464_64c8, 0xc000_00c0, 0xa83f_8110,
    ]

    /// fd00:ec2::254 and ::23 (Amazon), fd20:ce::254 (Google), fd00:42::42 (Scaleway).
    private static let metadata6: Set<UInt128> = [
        0xfd00_0ec2 << 96 | 0x254, 0xfd00_0ec2 << 96 | 0x23, 0xfd20_00ce << 96 | 0x254, 0xfd00_0042 << 96 | 0x42,
    ]
}
