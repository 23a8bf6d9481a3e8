import CherryCore

/// Reads the members of a client's message one by one, and refuses what is left.
struct HubFields {
    private var members: JSONObject

    init(_ members: JSONObject) { self.members = members }

    /// Takes a member; one that is `null` counts as absent.
    mutating func take(_ key: String) -> JSONValue? {
        guard let value = self.members.removeValue(forKey: key), !value.isNull else { return nil }
        return value
    }

    /// A member that may be any JSON, also `null`.
    mutating func any(_ key: String) throws(HubProblem) -> JSONValue {
        guard let value = self.members.removeValue(forKey: key) else { throw Self.missing(key) }
        return value
    }

    /// A text that must be there and pass `rule`.
    mutating func text(_ key: String, _ rule: (String) -> Bool) throws(HubProblem) -> String {
        guard let text = try self.optionalText(key, rule) else { throw Self.missing(key) }
        return text
    }

    /// A text that may be there and must pass `rule`.
    mutating func optionalText(_ key: String, _ rule: (String) -> Bool) throws(HubProblem) -> String? {
        guard let value = self.take(key) else { return nil }
        guard let text = value.string, rule(text) else { throw Self.wrong(key) }
        return text
    }

    /// A list of texts that each pass `rule`; `nil` when it is absent.
    mutating func texts(_ key: String, _ rule: (String) -> Bool) throws(HubProblem) -> [String]? {
        guard let value = self.take(key) else { return nil }
        guard let items = value.array else { throw Self.wrong(key) }
        var texts: [String] = []
        for item in items {
            guard let text = item.string, rule(text) else { throw Self.wrong(key) }
            if !texts.contains(text) { texts.append(text) }
        }
        return texts
    }

    /// A list of topics; `nil` when it is absent.
    mutating func topics(_ key: String) throws(HubProblem) -> [HubTopic]? {
        guard let texts = try self.texts(key, { HubTopic($0) != nil }) else { return nil }
        return texts.compactMap { HubTopic($0) }
    }

    /// A whole number within `range`; `nil` when it is absent.
    mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(HubProblem) -> Int? {
        guard let value = self.take(key) else { return nil }
        guard let number = value.integer, range.contains(number) else { throw Self.wrong(key) }
        return number
    }

    /// A truth value; `false` when it is absent.
    mutating func flag(_ key: String) throws(HubProblem) -> Bool {
        guard let value = self.take(key) else { return false }
        guard let flag = value.bool else { throw Self.wrong(key) }
        return flag
    }

    /// Refuses members that nobody asked for: a misspelt one must not be lost without a word.
    func finish() throws(HubProblem) {
        guard self.members.isEmpty else {
            throw .malformed("The message has a field that its type does not know.")
        }
    }

    static func wrong(_ key: String) -> HubProblem { .malformed("The field `\(key)` is not what it must be.") }
    private static func missing(_ key: String) -> HubProblem { .malformed("The field `\(key)` is missing.") }
}
