import CArgon2
import CherryCore
import Foundation
import Testing

@testable import CherryVault

/// RFC 9106 gives one vector for Argon2id (section 5.3), with four lanes, a secret and associated data. libsodium's
/// `crypto_pwhash`, which the vault uses, has one lane and neither of the other two, so it cannot express that vector.
/// It is checked in two links: the reference implementation (libargon2) gives RFC 9106's answer, and libsodium gives
/// the reference implementation's answer wherever both can.
@Suite("Argon2id")
struct Argon2Tests {
    struct Inputs: Sendable {
        var password: [UInt8]
        var salt: [UInt8]
        var secret: [UInt8] = []
        var associatedData: [UInt8] = []
        var memoryKiB: UInt32
        var iterations: UInt32
        var lanes: UInt32 = 1
        var count = 32
    }

    @Test("The reference implementation gives RFC 9106's answer")
    func rfc9106() {
        let tag = Self.reference(
            Inputs(
                password: [UInt8](repeating: 1, count: 32),
                salt: [UInt8](repeating: 2, count: 16),
                secret: [UInt8](repeating: 3, count: 8),
                associatedData: [UInt8](repeating: 4, count: 12),
                memoryKiB: 32,
                iterations: 3,
                lanes: 4
            )
        )
        #expect(tag == Data(hex: "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"))
    }

    @Test("The vault's Argon2id gives the reference implementation's answer", arguments: [1, 2, 3, 5] as [UInt32])
    func agrees(iterations: UInt32) throws {
        for memoryKiB in [8, 9, 31, 64, 100, 1024, 4096] as [UInt32] {
            for length in [0, 1, 20, 32, 64, 129, 1000] {
                let inputs = Inputs(
                    password: (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) },
                    salt: (0..<16).map { UInt8($0) ^ UInt8(truncatingIfNeeded: memoryKiB) },
                    memoryKiB: memoryKiB,
                    iterations: iterations,
                    count: 16 + length % 64
                )
                #expect(try Self.vaults(inputs) == Self.reference(inputs), "\(memoryKiB) KiB, \(length) bytes")
            }
        }
    }

    @Test("The vault's Argon2id gives the reference implementation's answer at the product's own work")
    func agreesAtFullWork() throws {
        let inputs = Inputs(
            password: Array("a key of thirty-two bytes, really".utf8.prefix(32)),
            salt: (100..<116).map { UInt8($0) },
            memoryKiB: UInt32(Argon2Parameters.standard.memory / 1024),
            iterations: UInt32(Argon2Parameters.standard.iterations)
        )
        #expect(try Self.vaults(inputs) == Self.reference(inputs))
    }

    /// Answers from argon2-cffi 25.1 (type ID, version 19, one lane).
    @Test("The vault's Argon2id gives known answers")
    func knownAnswers() throws {
        let cases: [(Inputs, String)] = [
            (
                Inputs(password: [], salt: Array(0..<16), memoryKiB: 8, iterations: 1),
                "31ed41e2d73f27fdfe4eb4bec651341e58ba43477051c6fe4adad735d82ee08a"
            ),
            (
                Inputs(
                    password: Array("password".utf8),
                    salt: Array("somesaltsomesalt".utf8),
                    memoryKiB: 64,
                    iterations: 2
                ),
                "1a98fba8e6394425c9bdc333a9c750aaf811df070f5fb4a5788e1cf4db5793a1"
            ),
            (
                Inputs(
                    password: Array("password".utf8),
                    salt: Array("somesaltsomesalt".utf8),
                    memoryKiB: 65536,
                    iterations: 3
                ),
                "7664ad4ba1a3c999fcdd0991ffc2270f78302d2383233db5e7befc85d1bb1819"
            ),
            (
                Inputs(
                    password: Array(repeating: 0, count: 32),
                    salt: Array(repeating: 255, count: 16),
                    memoryKiB: 1024,
                    iterations: 4,
                    count: 16
                ),
                "38808852d82b5a17915036b8bb11e494"
            ),
            (
                Inputs(password: Array(0..<200), salt: Array(16..<32), memoryKiB: 256, iterations: 1, count: 64),
                """
                887a17946eeca7d2eeba22d3b1736ab0150c0c4b7124b031e8bd95bcb2b4acb7
                8be57d3c5cc42989667bf9d08535d835f92e2b3caaffc1a0620e095ed220d167
                """
            ),
        ]
        for (inputs, answer) in cases {
            #expect(try Self.vaults(inputs) == Data(hex: answer))
        }
    }

    @Test("Memory that is not there is an error, not a crash")
    func noMemory() {
        expectError(.unavailable) {
            try Argon2.id(
                SecretBytes([1]),
                salt: [UInt8](repeating: 0, count: 16),
                parameters: Argon2Parameters(memory: 1 << 41, iterations: 1)
            )
        }
    }

    @Test("The product's work is 64 MiB and three passes, and no configuration or header may ask for less")
    func floor() throws {
        #expect(Vault.Configuration().argon2 == Argon2Parameters(memory: 64 << 20, iterations: 3))
        for weak in [
            Argon2Parameters(memory: (64 << 20) - 1024, iterations: 3),
            Argon2Parameters(memory: 64 << 20, iterations: 2),
            Argon2Parameters(memory: 2 << 30, iterations: 3), Argon2Parameters(memory: 64 << 20, iterations: 17),
        ] {
            expectError(.weakKDF) {
                try Vault(
                    keyStore: FileKeyStore(path: "/nonexistent"),
                    configuration: Vault.Configuration(argon2: weak)
                )
            }
        }
    }

    private static func vaults(_ inputs: Inputs) throws -> Data {
        let parameters = Argon2Parameters(memory: Int(inputs.memoryKiB) * 1024, iterations: Int(inputs.iterations))
        return try Argon2.id(
            SecretBytes(inputs.password),
            salt: inputs.salt,
            parameters: parameters,
            count: inputs.count
        )
        .withBytes { Data($0) }
    }

    private static func reference(_ inputs: Inputs) -> Data {
        var inputs = inputs
        var tag = [UInt8](repeating: 0, count: inputs.count)
        let status = tag.withUnsafeMutableBufferPointer { tag in
            inputs.password.withUnsafeMutableBufferPointer { password in
                inputs.salt.withUnsafeMutableBufferPointer { salt in
                    inputs.secret.withUnsafeMutableBufferPointer { secret in
                        inputs.associatedData.withUnsafeMutableBufferPointer { associatedData in
                            var context = argon2_context()
                            context.out = tag.baseAddress
                            context.outlen = UInt32(tag.count)
                            context.pwd = password.baseAddress
                            context.pwdlen = UInt32(password.count)
                            context.salt = salt.baseAddress
                            context.saltlen = UInt32(salt.count)
                            context.secret = secret.isEmpty ? nil : secret.baseAddress
                            context.secretlen = UInt32(secret.count)
                            context.ad = associatedData.isEmpty ? nil : associatedData.baseAddress
                            context.adlen = UInt32(associatedData.count)
                            context.t_cost = inputs.iterations
                            context.m_cost = inputs.memoryKiB
                            context.lanes = inputs.lanes
                            context.threads = inputs.lanes
                            context.version = ARGON2_VERSION_13.rawValue
                            return argon2_ctx(&context, Argon2_id)
                        }
                    }
                }
            }
        }
        precondition(status == ARGON2_OK.rawValue, "libargon2 accepts these inputs")
        return Data(tag)
    }
}
