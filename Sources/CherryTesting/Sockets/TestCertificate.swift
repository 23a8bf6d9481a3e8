public import NIOSSL

/// A certificate that vouches for itself, for `model.test` and 127.0.0.1, until 2120. It is worth nothing elsewhere.
public enum TestCertificate {
    /// What a client has to trust.
    public static var certificate: NIOSSLCertificate {
        get throws { try NIOSSLCertificate(bytes: Array(Self.certificateText.utf8), format: .pem) }
    }

    /// What a server shows.
    public static var server: NIOSSLContext {
        get throws {
            let settings = TLSConfiguration.makeServerConfiguration(
                certificateChain: [.certificate(try Self.certificate)],
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(Self.keyText.utf8), format: .pem))
            )
            return try NIOSSLContext(configuration: settings)
        }
    }

    private static let certificateText = """
        -----BEGIN CERTIFICATE-----
        MIIBazCCARCgAwIBAgIBATAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDAptb2RlbC50
        ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAVMRMwEQYDVQQD
        DAptb2RlbC50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEK7efOJwwiyE9
        Tlt5tBWpoD/KEquJn6nBU5fsWxI9yYe1oKjf7y0uqcIbEVZWRA/Cbgma2xKJ1z9l
        JnsdKNHF7qNPME0wGwYDVR0RBBQwEoIKbW9kZWwudGVzdIcEfwAAATAPBgNVHRMB
        Af8EBTADAQH/MB0GA1UdDgQWBBQSNX8Mtv86K+ZJP14Wfl8A3jdxXTAKBggqhkjO
        PQQDAgNJADBGAiEAxRx9fAwU8Y92etLkOGcciPkTKLHR/PtUecAm2HV0dhQCIQCS
        6e58EkDA6dJwLnYmpwfDNbvOgFzKzvLPTE8unAI/Vw==
        -----END CERTIFICATE-----
        """

    private static let keyText = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLBVM+d81byoA2vYu
        HGiPtZYgiYCyGrVarR/LL0NdysehRANCAAQrt584nDCLIT1OW3m0FamgP8oSq4mf
        qcFTl+xbEj3Jh7WgqN/vLS6pwhsRVlZED8JuCZrbEonXP2Umex0o0cXu
        -----END PRIVATE KEY-----
        """
}
