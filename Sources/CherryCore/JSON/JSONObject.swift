/// The members of a JSON object, in order, each key once.
///
/// Made for the few keys that objects of protocols have: finding one compares them in turn.
public struct JSONObject: Sendable {
    public typealias Element = (key: String, value: JSONValue)

    private var members: [Element] = []

    /// Creates an object without members.
    public init() {}

    /// Creates an object from members in order; of several under one key the last counts, at the place of the first.
    public init(_ members: some Sequence<(key: String, value: JSONValue)>) {
        for (key, value) in members { self[key] = value }
    }

    /// Creates an object whose keys are known to differ.
    init(unique members: [Element]) { self.members = members }

    /// The value under `key`. A new one is appended; `nil` removes it.
    public subscript(_ key: String) -> JSONValue? {
        get {
            for place in self.members.indices where self.members[place].key == key { return self.members[place].value }
            return nil
        }
        set {
            let place = self.members.firstIndex { $0.key == key }
            switch (place, newValue) {
            case (let place?, let value?): self.members[place].value = value
            case (let place?, nil): self.members.remove(at: place)
            case (nil, let value?): self.members.append((key, value))
            case (nil, nil): break
            }
        }
    }

    /// Removes and returns the value under `key`.
    public mutating func removeValue(forKey key: String) -> JSONValue? {
        defer { self[key] = nil }
        return self[key]
    }

    /// The keys in order.
    public var keys: [String] { self.members.map(\.key) }

    /// The same members with other values.
    public func mapValues(_ transform: (JSONValue) throws -> JSONValue) rethrows -> JSONObject {
        JSONObject(unique: try self.members.map { ($0.key, try transform($0.value)) })
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { self.members.startIndex }
    public var endIndex: Int { self.members.endIndex }
    public subscript(_ position: Int) -> Element { self.members[position] }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.lazy.map { (key: $0.0, value: $0.1) })
    }
}

/// Objects with the same members are equal, in whatever order they stand.
extension JSONObject: Hashable {
    public static func == (lhs: JSONObject, rhs: JSONObject) -> Bool {
        lhs.count == rhs.count && lhs.allSatisfy { rhs[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in self.members {
            var member = Hasher()
            member.combine(key)
            member.combine(value)
            sum &+= member.finalize()
        }
        hasher.combine(sum)
    }
}
