public import CherryCore

/// The value of one field of a log line.
public enum LogValue: Sendable, Hashable {
    case text(String)
    case integer(Int64)

    /// The same in JSON.
    public var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .integer(let number): .integer(number)
        }
    }
}

extension LogValue: CustomStringConvertible {
    public var description: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        }
    }
}
