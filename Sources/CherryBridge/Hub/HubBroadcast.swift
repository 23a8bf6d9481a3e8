public import CherryCore

/// What a tool says to whoever follows it, on its way between the processes of one hub.
public struct HubBroadcast: Sendable, Hashable {
    /// The tool that speaks.
    public let from: String
    /// The id that it gave the message.
    public let id: String
    public let payload: JSONValue

    init(from: String, id: String, payload: JSONValue) {
        self.from = from
        self.id = id
        self.payload = payload
    }

    /// The broadcast as JSON text.
    ///
    /// - Parameter hub: names the process, so that it knows its own.
    public func bytes(from hub: String) -> [UInt8] {
        JSONValue.object([
            "hub": .string(hub), "from": .string(self.from), "id": .string(self.id), "payload": self.payload,
        ]).bytes
    }

    /// Reads a broadcast of another process; `nil` for one of `hub` itself and for what is none.
    public init?(bytes: [UInt8], notFrom hub: String) {
        guard let message = try? JSONValue(parsing: bytes),  // what cannot be read is none
            let origin = message["hub"]?.string, origin != hub,
            let from = message["from"]?.string, HubName.isValid(from),
            let id = message["id"]?.string, HubName.isID(id),
            let payload = message["payload"]
        else { return nil }
        self.init(from: from, id: id, payload: payload)
    }
}
