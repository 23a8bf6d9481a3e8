import CherryCore

/// Takes an envelope apart strictly: one that has two readings has none here.
struct EnvelopeReader {
    /// What an envelope may hold.
    struct Limits: Sendable, Hashable {
        var bytes: Int
        var items: Int
    }

    /// An item before anybody looked at what it is.
    struct RawItem: Sendable, Hashable {
        var header: JSONValue
        var payload: [UInt8]

        /// What it is, if that is one of the types in use.
        var type: SentryItemType? { self.header["type"]?.string.flatMap(SentryItemType.init(rawValue:)) }
    }

    let header: JSONValue
    let items: [RawItem]

    /// - Throws: `SentryError` with code `.malformedEnvelope` for what is cut off, too large, or not in the format.
    init(_ bytes: [UInt8], limits: Limits) throws(SentryError) {
        guard bytes.count <= limits.bytes else { throw Self.malformed("is larger than \(limits.bytes) bytes") }
        var rest = bytes[...]
        guard let line = Self.line(&rest) else { throw Self.malformed("is empty") }
        self.header = try Self.header(line)
        var items: [RawItem] = []
        while !rest.isEmpty {
            guard let line = Self.line(&rest) else { break }
            // A line feed may follow the last payload.
            if line.isEmpty, rest.isEmpty { break }
            guard items.count < limits.items else { throw Self.malformed("holds more than \(limits.items) items") }
            let header = try Self.header(line)
            items.append(RawItem(header: header, payload: Array(try Self.payload(header, &rest))))
        }
        self.items = items
    }

    private static func payload(
        _ header: JSONValue,
        _ rest: inout ArraySlice<UInt8>
    ) throws(SentryError) -> ArraySlice<UInt8> {
        guard let stated = header["length"] else {
            guard let line = self.line(&rest) else { throw self.malformed("ends before an item's payload") }
            return line
        }
        guard let length = stated.integer, length >= 0 else { throw self.malformed("states a length that is none") }
        guard rest.count >= length else { throw self.malformed("ends within an item's payload") }
        let payload = rest.prefix(length)
        rest = rest.dropFirst(length)
        guard rest.first ?? 0x0a == 0x0a else { throw self.malformed("has a payload longer than its length") }
        rest = rest.dropFirst()
        return payload
    }

    private static func line(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
        let line = rest[rest.startIndex..<end]
        rest = rest[end...].dropFirst()
        return line
    }

    private static func header(_ line: ArraySlice<UInt8>) throws(SentryError) -> JSONValue {
        guard let json = try? JSONValue(parsing: line), json.object != nil else {  // thrown anew in words that fit
            throw self.malformed("has a header that is not one JSON object on one line")
        }
        return json
    }

    private static func malformed(_ what: String) -> SentryError {
        SentryError(.malformedEnvelope, "The envelope \(what).")
    }
}

extension SentryEnvelope {
    /// Reads what `stored` wrote.
    ///
    /// - Throws: `SentryError` with code `.malformedEnvelope`.
    init(reading bytes: [UInt8]) throws(SentryError) {
        let reader = try EnvelopeReader(bytes, limits: .init(bytes: 16 * 1024 * 1024, items: 100))
        var items: [Item] = []
        for item in reader.items {
            guard let type = item.type else {
                throw SentryError(.malformedEnvelope, "The envelope holds an unknown item.")
            }
            items.append(Item(type: type, payload: item.payload))
        }
        guard !items.isEmpty else { throw SentryError(.malformedEnvelope, "The envelope holds no item.") }
        self.init(
            eventID: reader.header["event_id"]?.string.flatMap { HexID($0) },
            trace: reader.header["trace"]?.object,
            items: items
        )
    }
}
