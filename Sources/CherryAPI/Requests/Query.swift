import CherryCore
import Foundation
import Hummingbird
import HummingbirdCore

/// Takes the parameters of a query one by one; what is left over at the end is refused, as is one given twice.
struct Query {
    private var values: [String: String] = [:]

    /// Reads the query of an address.
    init(_ uri: URI) throws {
        for pair in (uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = Self.decode(parts.count > 1 ? parts[1] : "") else {
                throw APIError.invalid("The query is not well-formed.")
            }
            guard self.values.updateValue(value, forKey: name) == nil else {
                throw APIError.invalid("\(String(name.prefix(80))): is given twice.")
            }
        }
    }

    /// Refuses parameters that nobody took.
    func finish() throws {
        guard let stray = self.values.keys.min() else { return }
        throw APIError.invalid("\(String(stray.prefix(80))): there is no such parameter.")
    }

    /// A whole number, or `fallback` when there is none.
    mutating func integer(_ name: String, in range: ClosedRange<Int64>, default fallback: Int64) throws -> Int64 {
        guard let text = self.values.removeValue(forKey: name) else { return fallback }
        guard let number = Int64(text), range.contains(number) else {
            throw APIError.invalid(
                "\(name): must be a whole number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }

    /// `true` or `false`, the latter when there is none.
    mutating func flag(_ name: String) throws -> Bool {
        switch self.values.removeValue(forKey: name) {
        case nil, "false": return false
        case "true": return true
        default: throw APIError.invalid("\(name): must be true or false.")
        }
    }

    /// An id, if there is one.
    mutating func id(_ name: String) throws -> RecordID? {
        guard let text = self.values.removeValue(forKey: name) else { return nil }
        guard let id = RecordID(text) else { throw APIError.invalid("\(name): must be a UUID.") }
        return id
    }

    /// A text, if there is one.
    mutating func text(_ name: String) -> String? { self.values.removeValue(forKey: name) }

    private static func decode(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}
