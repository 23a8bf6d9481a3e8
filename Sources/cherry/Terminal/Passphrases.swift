import ArgumentParser
import CherryCore
import CherryVault
import Foundation

/// Where passphrases come from.
struct PassphraseOptions: ParsableArguments {
    @Option(
        name: .customLong("passphrase-fd"),
        help: "Read the passphrase from this descriptor instead of asking for it."
    )
    var descriptor: Int32?

    /// The passphrase that opens the vault.
    func current(_ prompt: String = "Passphrase") throws -> Secret<String> {
        try SecretInput.read(prompt, descriptor: self.descriptor)
    }
}

/// Where a new passphrase comes from.
struct NewPassphraseOptions: ParsableArguments {
    @Option(
        name: .customLong("new-passphrase-fd"),
        help: "Read the new passphrase from this descriptor instead of asking for it."
    )
    var descriptor: Int32?

    /// A new passphrase that is not weak, asked for twice on a terminal.
    ///
    /// - Throws: `CommandError` with code `weakPassphrase` and every reason.
    func read() throws -> Secret<String> {
        let passphrase = try SecretInput.read("New passphrase", descriptor: self.descriptor)
        let weaknesses = PassphrasePolicy.check(passphrase.exposed)
        guard weaknesses.isEmpty else {
            throw CommandError(
                "weakPassphrase",
                "This passphrase is too weak: " + weaknesses.map(\.reason).joined(separator: "; ") + ".",
                hint: "Four or more unrelated words make a good one."
            )
        }
        if self.descriptor == nil {
            let again = try SecretInput.read("The same again", descriptor: nil)
            guard again == passphrase else {
                throw CommandError("invalid", "The two differ; nothing was changed.", hint: "Try again.")
            }
        }
        return passphrase
    }
}

/// Shows a recovery kit and has part of it typed back, so that it is not thrown away unread.
enum RecoveryKitDialogue {
    /// Prints the code. On a terminal, asks for one of its groups until it is right, three times at most.
    ///
    /// - Returns: whether the user typed it back.
    static func present(_ code: String, asking: Bool) throws -> Bool {
        let groups = code.split(separator: "-").map(String.init)
        print("\nRecovery kit. Print it or write it down, and keep it apart from this machine.")
        print("Whoever has it can open your vault; without it, a forgotten passphrase cannot be replaced.\n")
        for row in stride(from: 0, to: groups.count, by: 3) {
            print("    " + groups[row..<min(row + 3, groups.count)].joined(separator: " - "))
        }
        print("")
        guard asking else { return false }
        let wanted = Int.random(in: groups.indices)
        for _ in 0..<3 {
            let answer = try SecretInput.readVisible("Type group \(wanted + 1) of the kit")
            if answer.uppercased().filter({ !$0.isWhitespace }) == groups[wanted] { return true }
            print("That is not group \(wanted + 1).")
        }
        print("The kit counts as not confirmed; `cherry vault status` will remind you.")
        return false
    }
}
