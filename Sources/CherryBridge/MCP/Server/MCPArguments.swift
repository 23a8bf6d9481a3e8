import CherryCore

/// Takes the arguments of a tool, one by one, each with its rule; what is left over is refused.
struct MCPArguments {
    /// Why arguments are refused, for the model that made them.
    struct Refusal: Error {
        let message: String
    }

    private var values: JSONObject

    init(_ values: JSONObject) { self.values = values }

    /// A text that must be there. Lengths count Unicode scalars, as JSON Schema does.
    mutating func text(_ key: String, atMost limit: Int) throws -> String {
        guard let text = try self.optionalText(key, atMost: limit) else {
            throw Refusal(message: "\(key) is missing.")
        }
        return text
    }

    /// A text that may be left out.
    mutating func optionalText(_ key: String, atMost limit: Int) throws -> String? {
        guard let value = self.take(key) else { return nil }
        guard let text = value.string else { throw Refusal(message: "\(key) must be a text.") }
        guard (1...limit).contains(text.unicodeScalars.count), !text.unicodeScalars.contains("\0") else {
            throw Refusal(message: "\(key) must have 1 to \(limit) characters, and no NUL among them.")
        }
        return text
    }

    /// A whole number that may be left out.
    mutating func integer(_ key: String, in range: ClosedRange<Int>, default other: Int) throws -> Int {
        guard let value = self.take(key) else { return other }
        guard let number = value.integer, range.contains(number) else {
            throw Refusal(message: "\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// A truth value that may be left out.
    mutating func bool(_ key: String, default other: Bool) throws -> Bool {
        guard let value = self.take(key) else { return other }
        guard let truth = value.bool else { throw Refusal(message: "\(key) must be true or false.") }
        return truth
    }

    /// One of a closed set of texts that may be left out.
    mutating func choice<Choice: RawRepresentable<String>>(_ key: String, of choices: [Choice]) throws -> Choice? {
        guard let value = self.take(key) else { return nil }
        return try Self.choice(value, key, choices)
    }

    /// Some of a closed set of texts; may be left out.
    mutating func choices<Choice: RawRepresentable<String>>(_ key: String, of choices: [Choice]) throws -> [Choice] {
        guard let value = self.take(key) else { return [] }
        guard let list = value.array, list.count <= 16 else {
            throw Refusal(message: "\(key) must be a list of at most 16.")
        }
        return try list.map { try Self.choice($0, key, choices) }
    }

    /// Refuses arguments that nobody took.
    func finish() throws {
        guard let stray = self.values.keys.first else { return }
        throw Refusal(message: "There is no argument \(stray.prefix(80)).")
    }

    /// `null` counts as left out: models write it for what they do not want.
    private mutating func take(_ key: String) -> JSONValue? {
        self.values.removeValue(forKey: key).flatMap { $0.isNull ? nil : $0 }
    }

    private static func choice<Choice: RawRepresentable<String>>(
        _ value: JSONValue,
        _ key: String,
        _ choices: [Choice]
    ) throws -> Choice {
        guard let choice = choices.first(where: { .string($0.rawValue) == value }) else {
            throw Refusal(message: "\(key) must be one of \(choices.map(\.rawValue).joined(separator: ", ")).")
        }
        return choice
    }
}
