public import CherryCore

/// What can go wrong with the vault. No message carries a key, a passphrase or a recovery code.
public struct VaultError: CherryError {
    /// A stable reason.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable {
            case sealed, uninitialized, alreadyInitialized, wrongPassphrase, wrongRecoveryCode, malformedRecoveryCode
            case weakKDF, weakPassphrase, tampered, unknownKey, keyExhausted, damagedHeader, tooNew
            case slotNotFound, lastSlot, machineKeyUnavailable, rotationRunning, unavailable
        }
        private let base: Base
        private init(_ base: Base) { self.base = base }

        /// The vault is locked.
        public static let sealed = Self(.sealed)
        /// No vault has been created yet.
        public static let uninitialized = Self(.uninitialized)
        /// There is a vault already.
        public static let alreadyInitialized = Self(.alreadyInitialized)
        /// The passphrase is not the vault's.
        public static let wrongPassphrase = Self(.wrongPassphrase)
        /// The recovery code is well formed but opens nothing here.
        public static let wrongRecoveryCode = Self(.wrongRecoveryCode)
        /// The text is no recovery code: a character, the length or the checksum is wrong.
        public static let malformedRecoveryCode = Self(.malformedRecoveryCode)
        /// Parameters of a key derivation are outside the bounds that this program accepts.
        public static let weakKDF = Self(.weakKDF)
        /// The passphrase would be guessed.
        public static let weakPassphrase = Self(.weakPassphrase)
        /// Something sealed, or the vault's header, is not what was written.
        public static let tampered = Self(.tampered)
        /// The caller named a key that is not live.
        public static let unknownKey = Self(.unknownKey)
        /// The active key has sealed as often as it safely may.
        public static let keyExhausted = Self(.keyExhausted)
        /// The header cannot be read.
        public static let damagedHeader = Self(.damagedHeader)
        /// A newer program wrote the header.
        public static let tooNew = Self(.tooNew)
        /// No slot has that id.
        public static let slotNotFound = Self(.slotNotFound)
        /// The passphrase slot cannot be removed.
        public static let lastSlot = Self(.lastSlot)
        /// The machine key is missing, unsafe where it lies, or not one of this vault's.
        public static let machineKeyUnavailable = Self(.machineKeyUnavailable)
        /// A rotation is running already.
        public static let rotationRunning = Self(.rotationRunning)
        /// The header cannot be written or too many attempts are waiting.
        public static let unavailable = Self(.unavailable)

        public var description: String { self.base.rawValue }
    }

    public let code: Code
    public let message: String
    public let hint: String?
    /// For operators' logs only.
    package let underlying: (any Error)?

    /// Creates an error; `message` and `hint` must not carry user data. Left out, they are the usual words for `code`.
    public init(_ code: Code, message: String? = nil, hint: String? = nil, underlying: (any Error)? = nil) {
        let usual = Self.words(for: code)
        self.code = code
        self.message = message ?? usual.message
        self.hint = hint ?? usual.hint
        self.underlying = underlying
    }

    public var codeName: String { self.code.description }

    private static func words(for code: Code) -> (message: String, hint: String?) {
        switch code {
        case .sealed: ("The vault is locked.", "Unlock it in the browser or with `cherry vault unlock`.")
        case .uninitialized:
            ("No vault has been created yet.", "Set a passphrase in the browser or with `cherry vault init`.")
        case .alreadyInitialized: ("The vault exists already.", "Unlock it with its passphrase.")
        case .wrongPassphrase:
            ("The passphrase is wrong.", "Check the keyboard layout and try again, or use the recovery kit.")
        case .wrongRecoveryCode: ("The recovery code does not open this vault.", "A newer kit replaces an older one.")
        case .malformedRecoveryCode:
            ("The recovery code is mistyped.", "It has 36 letters and digits in nine groups of four.")
        case .weakKDF: ("The key derivation's parameters are outside the accepted bounds.", nil)
        case .weakPassphrase: ("The passphrase is too easy to guess.", nil)
        case .tampered:
            ("Sealed data is not what was written.", "Restore the data directory from a backup that you trust.")
        case .unknownKey: ("No live key has that id.", nil)
        case .keyExhausted: ("The active key has been used too often.", "Run `cherry vault rotate`.")
        case .damagedHeader:
            ("The vault's header cannot be read.", "The file was left as it is: restore it from a backup.")
        case .tooNew:
            (
                "The vault was written by a newer version of the program.",
                "Install that version; the file was left as it is."
            )
        case .slotNotFound: ("No key slot has that id.", nil)
        case .lastSlot:
            ("The passphrase slot cannot be removed.", "Change the passphrase instead.")
        case .machineKeyUnavailable: ("The machine key cannot be used.", nil)
        case .rotationRunning: ("A key rotation is running already.", "Wait until it has finished.")
        default: ("The vault cannot do that at the moment.", "Try again.")
        }
    }
}

extension VaultError: CustomStringConvertible {
    public var description: String { "VaultError(\(self.code): \(self.message))" }
}
