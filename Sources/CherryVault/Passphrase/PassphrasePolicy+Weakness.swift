extension PassphrasePolicy {
    /// One way in which a passphrase is easy to guess. The raw value is its code in the shared cases.
    public enum Weakness: String, Sendable, Hashable, CaseIterable {
        case tooShort, fewCharacters, repeated, sequence, digitsOnly, common

        /// The reason, as the end of a sentence about the passphrase.
        public var reason: String {
            switch self {
            case .tooShort: "it has fewer than 12 characters"
            case .fewCharacters: "it uses fewer than 5 different characters"
            case .repeated: "it repeats the same characters over and over"
            case .sequence: "most of it follows the alphabet, the digits or the keyboard"
            case .digitsOnly: "it has only digits, and fewer than 20 of them"
            case .common: "it is built from passphrases that are tried first"
            }
        }
    }
}
