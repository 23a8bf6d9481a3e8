import CherryCore
import CherryTesting
import Foundation
import Synchronization
import Testing

@testable import CherryVault

@Suite("Secrets are not shown")
struct SecretHygieneTests {
    @Test("Describing, dumping and mirroring show no key material")
    func printing() async throws {
        let login = LoginKeys(
            authKey: SecretBytes((0..<32).map { UInt8($0) + 100 }),
            unsealKey: SecretBytes((0..<32).map { UInt8($0) + 150 })
        )
        let fixture = try await VaultFixture.make(login: login)
        let code = fixture.recoveryCode
        let root = try RootKey.make(id: KeyID(rawValue: 1))
        let slot = try NewSlot(.machine, input: login.unsealKey, argon2: .standard, at: .now)
        let memory = fixture.vault.memory.withLock { $0 }
        let shown: [Any] = [
            login, code, fixture.vault, fixture, root, KeyRing(active: root, retiring: nil), slot, memory,
            try SlotSecret.derive(from: login.unsealKey, salt: Data(count: 16), argon2: nil),
            code.groups, code.formatted, login.authKey,
        ]
        var secrets = [login.authKey, login.unsealKey, code.bytes, root.root.secretBytes]
        for key in memory.unlocked?.ring.all ?? [] { secrets.append(key.root.secretBytes) }
        #expect(secrets.count == 5)
        for value in shown {
            var text = "\(value) \(String(reflecting: value)) "
            dump(value, to: &text)
            for secret in secrets {
                let bytes = secret.withBytes { Array($0) }
                let forms = [
                    bytes.prefix(6).map { String($0) }.joined(separator: ", "),
                    bytes.prefix(6).map { String(format: "%02x", $0) }.joined(),
                    Data(bytes.prefix(6)).base64EncodedString(),
                ]
                for form in forms { #expect(!text.lowercased().contains(form.lowercased()), "\(type(of: value))") }
            }
            for group in code.groups.exposed { #expect(!text.contains(group), "\(type(of: value))") }
        }
    }

    @Test("The header holds no secret in clear: not as bytes, base64 or hexadecimal")
    func header() async throws {
        let login = LoginKeys(
            authKey: SecretBytes((0..<32).map { UInt8($0) &* 37 &+ 11 }),
            unsealKey: SecretBytes((0..<32).map { UInt8($0) &* 41 &+ 13 })
        )
        let fixture = try await VaultFixture.make(login: login)
        let root = try #require(fixture.vault.memory.withLock { $0.unlocked?.ring.active.root.secretBytes })
        let header = try #require(fixture.keyStore.header)
        let text = String(decoding: header, as: UTF8.self)
        for secret in [login.authKey, login.unsealKey, fixture.recoveryCode.bytes, root] {
            let bytes = secret.withBytes { Data($0) }
            #expect(header.range(of: bytes.prefix(8)) == nil)
            #expect(!text.contains(Base64URL.encode(bytes).prefix(10)))
            #expect(!text.lowercased().contains(bytes.prefix(8).map { String(format: "%02x", $0) }.joined()))
        }
        #expect(!text.contains(fixture.recoveryCode.groups.exposed.joined()))
    }

    @Test("The keys leave memory's state at the lock")
    func dropped() async throws {
        let fixture = try await VaultFixture.make()
        weak let key = fixture.vault.memory.withLock { $0.unlocked?.ring.active }
        #expect(key != nil)
        fixture.vault.lock()
        #expect(key == nil)
        #expect(fixture.vault.memory.withLock { $0.unlocked == nil })
    }
}
