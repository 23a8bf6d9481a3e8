public import Logging

/// Which lines somebody wants to see.
public struct LogFilter: Sendable, Hashable {
    /// The least severe level.
    public var level: Logger.Level
    /// A logger's label or a module, as it is written; `nil` for all.
    public var label: String?
    /// Must occur in the message, a field's name or value, or the module, in whatever case; `nil` for all.
    public var text: String? { didSet { self.needle = Self.needle(self.text) } }
    private var needle: [UInt8]

    public init(level: Logger.Level = .trace, label: String? = nil, text: String? = nil) {
        self.level = level
        self.label = label
        self.text = text
        self.needle = Self.needle(text)
    }

    /// Whether a line is among them.
    public func matches(_ line: LogLine) -> Bool {
        guard line.level >= self.level else { return false }
        if let label, label != line.logger, label != line.module { return false }
        guard !self.needle.isEmpty else { return true }
        return Self.contains(Array(line.readable), self.needle)
    }

    private static func needle(_ text: String?) -> [UInt8] { (text ?? "").utf8.map(Self.folded) }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

    private static func contains(_ text: [UInt8], _ needle: [UInt8]) -> Bool {
        guard text.count >= needle.count else { return false }
        return (0...(text.count - needle.count)).contains { start in
            needle.indices.allSatisfy { Self.folded(text[start + $0]) == needle[$0] }
        }
    }
}
