import CherryCore

/// What a Sentry server takes in one request: headers, and items with headers of their own.
///
/// The format is that of the developer documentation, "Envelopes": each header is JSON on one line, lines end with a line
/// feed alone, and `length` counts a payload's bytes.
struct SentryEnvelope: Sendable, Hashable {
    struct Item: Sendable, Hashable {
        var type: SentryItemType
        var payload: [UInt8]
    }

    /// The event or transaction that is in it: 32 hexadecimal digits.
    var eventID: HexID?
    /// What a transaction's trace is sampled by (developer documentation, "Dynamic Sampling Context"), without the key.
    var trace: JSONObject?
    var items: [Item]

    /// One event, transaction or session update by itself.
    init(_ type: SentryItemType, _ payload: JSONValue, eventID: HexID? = nil, trace: JSONObject? = nil) {
        self.eventID = eventID
        self.trace = trace
        self.items = [Item(type: type, payload: payload.bytes)]
    }

    init(eventID: HexID? = nil, trace: JSONObject? = nil, items: [Item]) {
        self.eventID = eventID
        self.trace = trace
        self.items = items
    }

    /// The bytes to keep, which say nothing of when they are sent.
    func stored() -> [UInt8] { self.bytes(header: [:], key: nil) }

    /// The bytes to send.
    ///
    /// - Parameters:
    ///   - time: the moment of sending. A server corrects its clock by it and refuses a whole envelope that has it twice.
    ///   - client: name and version of the sender.
    ///   - key: the DSN's public key, which the protocol wants in what a trace is sampled by.
    func sent(at time: Timestamp, client: SentryClientName, key: Secret<String>? = nil) -> [UInt8] {
        self.bytes(header: ["sdk": client.json, "sent_at": .string(SentryTime.text(time))], key: key)
    }

    private func bytes(header rest: JSONObject, key: Secret<String>?) -> [UInt8] {
        var header = JSONObject()
        if let eventID { header["event_id"] = .string(eventID.text) }
        if var trace {
            if let key { trace["public_key"] = .string(key.exposed) }
            header["trace"] = .object(trace)
        }
        for (key, value) in rest { header[key] = value }
        var bytes: [UInt8] = []
        JSONValue.object(header).write(to: &bytes)
        bytes.append(0x0a)
        for item in self.items {
            let header: JSONValue = [
                "type": .string(item.type.rawValue), "length": .integer(Int64(item.payload.count)),
            ]
            header.write(to: &bytes)
            bytes.append(0x0a)
            bytes += item.payload
            bytes.append(0x0a)
        }
        return bytes
    }
}

/// The types of items in use.
enum SentryItemType: String, Sendable, Hashable, CaseIterable {
    case event, session, transaction
    case clientReport = "client_report"

    var category: SentryCategory {
        switch self {
        case .event: .error
        case .session: .session
        case .transaction: .transaction
        case .clientReport: .internal
        }
    }

    /// Bytes of one payload that a server takes (developer documentation, "Envelopes", size limits).
    var limit: Int {
        switch self {
        case .event, .transaction: 1024 * 1024
        case .session: 64 * 1024
        case .clientReport: 4 * 1024
        }
    }
}

/// Who sends: `cherry/0.1.0`.
struct SentryClientName: Sendable, Hashable {
    var version: String

    var text: String { "cherry/\(self.version)" }
    var json: JSONValue { ["name": "cherry", "version": .string(self.version)] }
}
