public import CherryCore

/// What the product's own preferences may be. Others may be anything.
public enum PreferenceRules {
    /// How many minutes the vault stays unlocked unused.
    public static let idleMinutesKey = "lock.idleMinutes"

    /// How long the vault stays unlocked unused, from the preference's value.
    ///
    /// - Returns: a quarter of an hour for `nil` and for what is no number of minutes in range.
    public static func idleLimit(from value: JSONValue?) -> Duration {
        guard case .integer(let minutes) = value, self.idleMinutes.contains(minutes) else { return .seconds(15 * 60) }
        return .seconds(60 * minutes)
    }

    private static let idleMinutes: ClosedRange<Int64> = 1...1440
    private static let schemes = ["system", "light", "dark"]

    /// Whether a text is a key: `^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*$`, at most 64 characters.
    static func isKey(_ text: String) -> Bool {
        guard text.utf8.count <= 64, let first = text.utf8.first, (0x61...0x7a).contains(first) else { return false }
        return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                }
        }
    }

    /// Refuses a value that the product could not use under a key of its own.
    static func check(_ value: JSONValue, for key: String) throws {
        switch key {
        case "appearance.scheme":
            guard case .string(let scheme) = value, self.schemes.contains(scheme) else {
                throw APIError.invalid("value: must be one of \(self.schemes.joined(separator: ", ")).")
            }
        case "composer.enterSends":
            guard case .bool = value else { throw APIError.invalid("value: must be true or false.") }
        case self.idleMinutesKey:
            guard case .integer(let minutes) = value, self.idleMinutes.contains(minutes) else {
                throw APIError.invalid("value: must be a whole number from 1 to 1440.")
            }
        case "model.default":
            var fields = try Fields(.object(["value": value]))
            _ = try fields.editModel("value")
        default:
            return
        }
    }
}
