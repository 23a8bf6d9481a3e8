import ArgumentParser
import CherryApp
import CherryCore
import CherryVault
import Foundation

/// Everything about the keys.
struct VaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vault",
        abstract: "Create, open, lock and look after the vault.",
        subcommands: [
            Init.self, Unlock.self, Lock.self, Status.self, Rotate.self, Recover.self, AddSlot.self,
            RemoveSlot.self, ChangePassphrase.self,
        ]
    )
}

extension VaultCommand {
    struct Init: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create the vault and show its recovery kit.")

        @OptionGroup var passphrase: NewPassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                guard try await server.status().vault == "uninitialized" else {
                    throw CommandError(
                        "alreadySetUp",
                        "There is a vault already.",
                        hint: "See it with: cherry vault status"
                    )
                }
                let kdf = KDFParameters.make()
                let login = try await LoginKeys.derive(passphrase: self.passphrase.read(), kdf: kdf)
                let answer: RecoveryKitAnswer = try await server.call(
                    "POST",
                    "/api/v1/setup",
                    body: .login(login, kdf: kdf)
                )
                let isTyped = try RecoveryKitDialogue.present(
                    answer.recoveryCode,
                    asking: self.passphrase.descriptor == nil
                )
                if isTyped { try await server.call("POST", "/api/v1/recovery-kit/confirm") }
                print("The vault is ready.")
            }
        }
    }

    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Unlock the running server.")

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            let server = try await ServerSession.running()
            try await server.logIn(self.passphrase.current())
            try await server.logOut()
            print("Unlocked.")
        }
    }

    struct Lock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lock the running server: its keys leave memory and every session ends."
        )

        func run() async throws {
            let server = try await ServerSession.running()
            try server.signal(SIGUSR1)
            try await server.wait(for: "sealed")
            print("Locked.")
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether the vault is locked; with --details, its slots, keys and rotation."
        )

        @Flag(help: "Show slots and keys. Asks for the passphrase.")
        var details = false

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                print("vault: \(try await server.status().vault)")
                guard self.details else { return }
                try await server.logIn(self.passphrase.current())
                let vault: VaultAnswer = try await server.call("GET", "/api/v1/vault")
                print("recovery kit: \(vault.recoveryConfirmed ? "confirmed" : "not confirmed")")
                for slot in vault.slots {
                    print("slot \(slot.id)  \(slot.kind)  since \(slot.createdAt.date.formatted(.iso8601))")
                }
                for key in vault.keys {
                    print("key \(key.id)  \(key.active ? "active" : "retiring")  \(key.records) records")
                }
                if let rotation = vault.rotation, rotation.running {
                    print("rotation: \(rotation.remaining) records to go")
                }
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Replace the root key and seal every record anew, while the server goes on working."
        )

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                let login = try await server.logIn(self.passphrase.current())
                try await server.call("POST", "/api/v1/vault/rotate", body: .login(login))
                var shown: Int?
                while true {
                    let vault: VaultAnswer = try await server.call("GET", "/api/v1/vault")
                    guard let rotation = vault.rotation, rotation.running else { break }
                    if rotation.remaining != shown { print("\(rotation.remaining) records to go") }
                    shown = rotation.remaining
                    try await Task.sleep(for: .milliseconds(200))
                }
                print("Rotated. The old key is gone.")
            }
        }
    }

    struct Recover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a new passphrase with the recovery kit."
        )

        @Option(name: .customLong("recovery-fd"), help: "Read the recovery code from this descriptor.")
        var recoveryDescriptor: Int32?

        @OptionGroup var passphrase: NewPassphraseOptions

        func run() async throws {
            let code = try RecoveryCode(
                parsing: SecretInput.read("Recovery code", descriptor: self.recoveryDescriptor).exposed
            )
            try await ServerSession.withServer { server in
                let kdf = KDFParameters.make()
                let login = try await LoginKeys.derive(passphrase: self.passphrase.read(), kdf: kdf)
                var body = RequestBody.login(login, kdf: kdf)
                body["recoveryCode"] = .string(code.formatted.exposed)
                try await server.call("POST", "/api/v1/recover", body: body)
                print("The passphrase was replaced and every other session ended.")
            }
        }
    }

    struct AddSlot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add-slot",
            abstract: "Let this machine unlock the vault by itself at start.",
            discussion: """
                The key file is the one CHERRY_KEY_FILE names, or the systemd credential "cherry-machine-key". It must \
                lie outside the data directory: whoever has both can read everything.
                """
        )

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                let login = try await server.logIn(self.passphrase.current())
                var body = RequestBody.login(login)
                body["kind"] = .string("machine")
                let slot: VaultAnswer.Slot = try await server.call("POST", "/api/v1/vault/slots", body: body)
                print("Added slot \(slot.id).")
            }
        }
    }

    struct RemoveSlot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove-slot",
            abstract: "Take away one way of unlocking."
        )

        @Argument(help: "The slot's id, from: cherry vault status --details")
        var id: String

        @OptionGroup var passphrase: PassphraseOptions

        func run() async throws {
            guard self.id.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else {
                throw CommandError("invalid", "A slot's id has only letters, digits and hyphens.")
            }
            try await ServerSession.withServer { server in
                let login = try await server.logIn(self.passphrase.current())
                try await server.call("DELETE", "/api/v1/vault/slots/\(self.id)", body: .login(login))
                print("Removed.")
            }
        }
    }

    struct ChangePassphrase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "change-passphrase",
            abstract: "Replace the passphrase. Records stay as they are."
        )

        @OptionGroup var passphrase: PassphraseOptions
        @OptionGroup var newPassphrase: NewPassphraseOptions

        func run() async throws {
            try await ServerSession.withServer { server in
                let current = try await server.logIn(self.passphrase.current("Current passphrase"))
                let kdf = KDFParameters.make()
                let new = try await LoginKeys.derive(passphrase: self.newPassphrase.read(), kdf: kdf)
                try await server.call(
                    "POST",
                    "/api/v1/passphrase",
                    body: RequestBody(fields: [
                        "current": .object(RequestBody.login(current).fields),
                        "new": .object(RequestBody.login(new, kdf: kdf).fields),
                    ])
                )
                print("Changed. Every other session ended.")
            }
        }
    }
}
