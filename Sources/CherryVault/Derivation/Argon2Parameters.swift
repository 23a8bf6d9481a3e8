/// How much work Argon2id takes.
public struct Argon2Parameters: Codable, Hashable, Sendable {
    /// Memory in bytes.
    public let memory: Int
    /// Passes over that memory.
    public let iterations: Int

    /// Creates parameters as they are; the vault checks their bounds.
    public init(memory: Int, iterations: Int) {
        self.memory = memory
        self.iterations = iterations
    }

    /// 64 MiB, three passes. Less is refused, in the configuration and in a header.
    public static let standard = Argon2Parameters(memory: 64 << 20, iterations: 3)

    /// More is refused: a header that was tampered with must not exhaust the machine.
    public static let ceiling = Argon2Parameters(memory: 1 << 30, iterations: 16)

    /// Whether these lie between `floor` and `ceiling`, both included, in each respect.
    func isWithin(floor: Argon2Parameters) -> Bool {
        (floor.memory...Self.ceiling.memory).contains(self.memory)
            && (floor.iterations...Self.ceiling.iterations).contains(self.iterations)
    }
}
