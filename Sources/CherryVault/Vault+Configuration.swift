extension Vault {
    /// How the vault works.
    public struct Configuration: Sendable {
        /// Work for a new passphrase, recovery code or verifier.
        public var argon2: Argon2Parameters
        /// Time without a `touch()` after which `lockIfIdle()` locks; `nil` for never.
        public var idleLimit: Duration?
        /// What a header may not go below.
        package var argon2Floor: Argon2Parameters
        /// How many seals of a key are reserved in the header at a time.
        package var sealReservation: UInt64
        /// From how many seals on a key should be rotated.
        package var rotationThreshold: UInt64
        /// How many seals a key may make before it refuses records.
        package var sealCeiling: UInt64
        /// How many more it may make of digests. Together they are 2^32, the bound for random 96-bit nonces.
        package var digestAllowance: UInt64

        /// The product's settings.
        public init(argon2: Argon2Parameters = .standard, idleLimit: Duration? = .seconds(15 * 60)) {
            self.argon2 = argon2
            self.idleLimit = idleLimit
            self.argon2Floor = .standard
            self.sealReservation = 1 << 16
            self.rotationThreshold = 1 << 30
            self.sealCeiling = 15 << 28
            self.digestAllowance = 1 << 28
        }

        /// The cheapest Argon2id there is, for tests that are not about the work it takes.
        package static var testing: Configuration {
            var configuration = Configuration(argon2: Argon2Parameters(memory: 8192, iterations: 1))
            configuration.argon2Floor = configuration.argon2
            return configuration
        }
    }
}
