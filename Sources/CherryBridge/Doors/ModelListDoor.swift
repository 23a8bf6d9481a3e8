public import CherryCore
public import Foundation

/// The list of models in the two forms that tools ask for.
public struct ModelListDoor: Sendable {
    /// A model or an alias on offer.
    public struct Entry: Sendable, Hashable {
        /// The name to ask for it by.
        public var id: String
        /// When it came to be on offer; `nil` when unknown.
        public var created: Date?
        /// Who offers it.
        public var owner: String
        /// Tokens that it can read and write together; `nil` when unknown.
        public var contextLength: Int?

        /// Describes a model.
        public init(id: String, created: Date? = nil, owner: String, contextLength: Int? = nil) {
            self.id = id
            self.created = created
            self.owner = owner
            self.contextLength = contextLength
        }
    }

    /// A part of the list, as Anthropic's API asks for it (API reference, "List Models").
    public struct Page: Sendable, Hashable {
        /// The most entries, 1 to 1000.
        public var limit: Int
        /// Only entries after the one with this id, or before that one.
        public var after, before: String?

        /// Asks for a page.
        public init(limit: Int = 20, after: String? = nil, before: String? = nil) {
            self.limit = limit
            self.after = after
            self.before = before
        }
    }

    /// Creates the door.
    public init() {}

    /// The list in OpenAI's form.
    public func openAI(_ entries: [Entry]) -> JSONValue {
        ["object": "list", "data": .array(entries.map(self.openAI))]
    }

    /// One model in OpenAI's form. `context_length` is an addition that many servers have.
    public func openAI(_ entry: Entry) -> JSONValue {
        var value: JSONValue = [
            "id": .string(entry.id), "object": "model",
            "created": .integer(Int64((entry.created ?? .distantBeginning).timeIntervalSince1970)),
            "owned_by": .string(entry.owner),
        ]
        value["context_length"] = entry.contextLength.map { .integer(Int64($0)) }
        return value
    }

    /// A page of the list in Anthropic's form. An id that is not in the list counts as its end.
    public func anthropic(_ entries: [Entry], page: Page = Page()) -> JSONValue {
        var part = entries[...]
        if let after = page.after {
            part = part[((part.firstIndex { $0.id == after } ?? part.endIndex - 1) + 1)...]
        }
        if let before = page.before {
            part = part[..<(part.firstIndex { $0.id == before } ?? part.endIndex)]
        }
        let limit = min(max(page.limit, 1), 1000)
        let shown = page.before == nil || page.after != nil ? part.prefix(limit) : part.suffix(limit)
        return [
            "data": .array(shown.map(self.anthropic)), "has_more": .bool(shown.count < part.count),
            "first_id": shown.first.map { .string($0.id) } ?? .null,
            "last_id": shown.last.map { .string($0.id) } ?? .null,
        ]
    }

    /// One model in Anthropic's form.
    public func anthropic(_ entry: Entry) -> JSONValue {
        var value: JSONValue = [
            "type": "model", "id": .string(entry.id), "display_name": .string(entry.id),
            "created_at": .string((entry.created ?? .distantBeginning).formatted(.iso8601)), "lifecycle": "active",
        ]
        value["max_input_tokens"] = entry.contextLength.map { .integer(Int64($0)) }
        return value
    }
}

extension Date {
    /// What stands where an API demands a time and there is none.
    fileprivate static let distantBeginning = Date(timeIntervalSince1970: 0)
}
