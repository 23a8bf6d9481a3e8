import Testing

@testable import CherryNet

@Suite("Kinds of addresses")
struct AddressRulesTests {
    private func kind(_ text: String) throws -> AddressKind {
        AddressRules.kind(of: try #require(IPAddress(v4: text[...]) ?? IPAddress(v6: text[...])))
    }

    @Test(
        "Places on the internet are public",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
            "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00::1",
            "2001:200::1",
            "2001:db7::1", "2003::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
        ]
    )
    func places(_ address: String) throws {
        #expect(try self.kind(address) == .public)
    }

    @Test(
        "Everything else has its kind, from the first address of a block to the last",
        arguments: [
            ("0.0.0.0", .unspecified), ("0.255.255.255", .unspecified), ("10.0.0.0", .privateNetwork),
            ("10.255.255.255", .privateNetwork), ("100.64.0.0", .sharedSpace), ("100.127.255.255", .sharedSpace),
            ("127.0.0.0", .loopback), ("127.255.255.255", .loopback), ("169.254.0.0", .linkLocal),
            ("169.254.255.255", .linkLocal), ("172.16.0.0", .privateNetwork), ("172.31.255.255", .privateNetwork),
            ("192.0.0.0", .reserved), ("192.0.0.255", .reserved), ("192.0.2.1", .reserved), ("192.88.99.1", .reserved),
            ("192.168.0.0", .privateNetwork), ("192.168.255.255", .privateNetwork), ("198.18.0.0", .reserved),
            ("198.19.255.255", .reserved), ("198.51.100.7", .reserved), ("203.0.113.7", .reserved),
            ("224.0.0.1", .multicast), ("239.255.255.255", .multicast), ("240.0.0.0", .reserved),
            ("255.255.255.255", .reserved), ("::", .unspecified), ("::1", .loopback), ("::2", .reserved),
            ("fc00::", .privateNetwork), ("fdff::1", .privateNetwork), ("fe80::1", .linkLocal),
            ("febf::1", .linkLocal), ("fec0::1", .privateNetwork), ("feff::1", .privateNetwork),
            ("ff02::1", .multicast),
            ("100::1", .reserved), ("2001:2::1", .reserved), ("2001:db8::1", .reserved), ("3fff::1", .reserved),
            ("4000::1", .reserved), ("5f00::1", .reserved), ("1fff::1", .reserved),
        ] as [(String, AddressKind)]
    )
    func kinds(_ address: String, _ kind: AddressKind) throws {
        #expect(try self.kind(address) == kind)
    }

    @Test(
        "An IPv4 address within an IPv6 address counts as itself",
        arguments: [
            ("::ffff:127.0.0.1", .loopback), ("::ffff:7f00:1", .loopback), ("::ffff:10.0.0.1", .privateNetwork),
            ("::ffff:0.0.0.0", .unspecified), ("64:ff9b::127.0.0.1", .loopback), ("64:ff9b::a00:1", .privateNetwork),
            ("::127.0.0.1", .reserved), ("64:ff9b:1::8.8.8.8", .reserved), ("2002:7f00:1::1", .reserved),
            ("2002:808:808::1", .reserved), ("2001:0:7f00:1::1", .reserved),
        ] as [(String, AddressKind)]
    )
    func embedded(_ address: String, _ kind: AddressKind) throws {
        #expect(try self.kind(address) == kind)
    }

    @Test(
        "Where clouds keep credentials is known in every form",
        arguments: [
            "169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16", "192.0.0.192",
            "fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::169.254.169.254",
            "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "64:ff9b:1:a9fe:a9:fe00::", "2002:a9fe:a9fe::1",
            "2001:0:a9fe:a9fe::1", "2001:0:102:304::5601:5601",
        ]
    )
    func metadata(_ address: String) throws {
        #expect(try self.kind(address) == .metadata)
    }

    @Test("A request to the internet reaches public addresses alone; one to anywhere stays away from credentials")
    func reach() throws {
        let permitted = try ["8.8.8.8", "127.0.0.1", "192.168.1.1", "169.254.1.1", "169.254.169.254", "224.0.0.1"].map {
            let address = try #require(IPAddress(v4: $0[...]))
            return [EgressReach.publicOnly.permits(address), EgressReach.anywhere.permits(address)]
        }
        #expect(
            permitted == [
                [true, true], [false, true], [false, true], [false, true], [false, false], [false, false],
            ]
        )
    }

    @Test(
        "An address that the user entered reaches into the own network when it says so itself",
        arguments: [
            ("http://localhost:11434/v1", .anywhere), ("http://LocalHost/", .anywhere),
            ("http://127.0.0.1:8080", .anywhere), ("http://[::1]:8080", .anywhere),
            ("http://192.168.1.5/v1", .anywhere),
            ("http://[fd12::1]/", .anywhere), ("https://api.example.com/v1", .publicOnly),
            ("http://nas.local/v1", .publicOnly), ("http://notlocalhost/", .publicOnly),
            ("http://localhost.example.com/", .publicOnly), ("http://169.254.169.254/", .publicOnly),
            ("http://0.0.0.0/", .publicOnly), ("http://100.64.0.1/", .publicOnly), ("http://8.8.8.8/", .publicOnly),
            ("nonsense", .publicOnly),
        ] as [(String, EgressReach)]
    )
    func entered(_ url: String, _ reach: EgressReach) {
        #expect(EgressReach.entered(url) == reach)
        #expect(EgressReach.entered(url, allowsPrivateAddresses: true) == .anywhere)
    }
}
