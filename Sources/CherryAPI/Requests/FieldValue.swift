import CherryCore

/// The value of one field, with the place it has in the request.
struct FieldValue {
    let value: JSONValue
    private let path: String

    /// Names a value.
    init(_ value: JSONValue, at path: String) {
        self.value = value
        self.path = path
    }

    var isNull: Bool { self.value == .null }

    private func refusal(_ rule: String) -> APIError { .invalid("\(self.path): \(rule).") }

    func text(_ rule: TextRule) throws -> String {
        guard case .string(let text) = self.value else { throw self.refusal("must be a text") }
        if let complaint = rule.complaint(about: text) { throw self.refusal(complaint) }
        return text
    }

    func list(atMost limit: Int) throws -> [FieldValue] {
        guard case .array(let items) = self.value else { throw self.refusal("must be a list") }
        guard items.count <= limit else { throw self.refusal("must hold at most \(limit)") }
        return items.enumerated().map { FieldValue($0.element, at: "\(self.path).\($0.offset)") }
    }

    func choice<Choice: RawRepresentable & CaseIterable>(of type: Choice.Type) throws -> Choice
    where Choice.RawValue == String {
        guard case .string(let text) = self.value, let choice = Choice(rawValue: text) else {
            throw self.refusal("must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    func id() throws -> RecordID {
        guard case .string(let text) = self.value, let id = RecordID(text) else {
            throw self.refusal("must be a UUID")
        }
        return id
    }

    func integer(in range: ClosedRange<Int64>) throws -> Int64 {
        let whole: Int64? =
            switch self.value {
            case .integer(let number): number
            case .number(let number): Int64(exactly: number)
            default: nil
            }
        guard let whole else { throw self.refusal("must be a whole number") }
        guard range.contains(whole) else {
            throw self.refusal("must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return whole
    }

    func number(in range: ClosedRange<Double>) throws -> Double {
        let number: Double
        switch self.value {
        case .integer(let whole): number = Double(whole)
        case .number(let fraction): number = fraction
        default: throw self.refusal("must be a number")
        }
        guard range.contains(number) else {
            throw self.refusal("must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func bool() throws -> Bool {
        guard case .bool(let truth) = self.value else { throw self.refusal("must be true or false") }
        return truth
    }

    func object() throws -> Fields { try Fields(self.value, at: self.path) }

    func members(atMost limit: Int) throws -> [(name: String, fields: Fields)] {
        guard case .object(let members) = self.value else { throw self.refusal("must be an object") }
        guard members.count <= limit else { throw self.refusal("must hold at most \(limit)") }
        return try members.map { name, value in
            guard (1...128).contains(name.unicodeScalars.count) else {
                throw self.refusal("must have names of 1 to 128 characters")
            }
            return (name, try Fields(value, at: "\(self.path).\(name.prefix(80))"))
        }
    }
}
