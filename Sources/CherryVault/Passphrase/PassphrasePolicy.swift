/// Being written: the interface is settled, the bodies are not.
public enum PassphrasePolicy {
    /// One way in which a passphrase is easy to guess.
    public enum Weakness: String, Sendable, Hashable, CaseIterable {
        case tooShort, fewCharacters, repeated, sequence, digitsOnly, common
        public var reason: String { self.rawValue }
    }
    public static func check(_ passphrase: String) -> [Weakness] { [] }
}
