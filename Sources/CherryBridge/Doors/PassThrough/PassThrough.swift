import CherryCore

/// Changes single values in the bytes of a request and leaves every other byte as the tool wrote it.
///
/// For a door and a provider of the same API: nothing is lost that this program does not know.
public enum PassThrough {
    /// `original` with another value under the top-level `model`, wherever it stands and however often.
    ///
    /// - Parameters:
    ///   - original: a JSON object in UTF-8; anything else is returned as it is.
    ///   - addsUsage: whether to ask for the tokens at the end of a stream, for the Chat Completions API, where the tool
    ///     did not. `UsageFilter` then takes them out of the answer.
    public static func body(_ original: [UInt8], replacingModel model: String, addsUsage: Bool = false) -> [UInt8] {
        guard let members = JSONMembers(of: original, from: original.startIndex), !members.isEmpty else {
            return original
        }
        var edits: [Edit] = members.all(named: "model").map { Edit(at: $0, JSONValue.string(model).bytes) }
        if edits.isEmpty { edits.append(members.insertion(of: "model", .string(model))) }
        if addsUsage { edits += Self.usageEdits(original, members) }
        // Two insertions at the same place stand in the order in which they were decided.
        return Self.apply(
            edits.enumerated().sorted {
                ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
            }.map(\.element),
            to: original
        )
    }

    private static func usageEdits(_ original: [UInt8], _ members: JSONMembers) -> [Edit] {
        let options: JSONValue = ["include_usage": true]
        // Of several under one key the last counts.
        guard let range = members.all(named: "stream_options").last else {
            return [members.insertion(of: "stream_options", options)]
        }
        guard let inner = JSONMembers(of: original, from: range.lowerBound) else {
            return [Edit(at: range, options.bytes)]
        }
        let wishes = inner.all(named: "include_usage")
        guard !wishes.isEmpty else { return [inner.insertion(of: "include_usage", true)] }
        return wishes.map { Edit(at: $0, JSONValue.bool(true).bytes) }
    }

    private static func apply(_ edits: [Edit], to original: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(original.count + edits.reduce(0) { $0 + $1.bytes.count })
        var at = original.startIndex
        for edit in edits {
            bytes += original[at..<edit.range.lowerBound]
            bytes += edit.bytes
            at = edit.range.upperBound
        }
        return bytes + original[at...]
    }
}

/// Other bytes in the place of some.
struct Edit {
    let range: Range<Int>
    let bytes: [UInt8]

    init(at range: Range<Int>, _ bytes: [UInt8]) {
        self.range = range
        self.bytes = bytes
    }
}
