import CherryBridge
import CherryCore

/// What a chat request asks.
final class DoorQuestion: Sendable {
    let body: [UInt8]
    let json: JSONValue
    let model: String
    let isStreamed: Bool
    /// Whether the bridge asks for the tokens of a stream where the client did not, and keeps them to itself.
    let addsUsage: Bool
    let question: GatewayQuestion

    /// Reads a request; `nil` when it names no model.
    init?(_ body: [UInt8], _ json: JSONValue, at door: any BridgeDoor) {
        guard let model = json["model"]?.string else { return nil }
        self.body = body
        self.json = json
        self.model = model
        self.isStreamed = json["stream"]?.bool ?? false
        self.addsUsage =
            door.api == .openAIChat && self.isStreamed && json["stream_options"]?["include_usage"]?.bool != true
        self.question = GatewayQuestion(
            model: model,
            isStreamed: self.isStreamed,
            original: .init(api: door.api, body: body, addsUsage: self.addsUsage) { json.userTexts }
        ) {
            try door.request(from: json)
        }
    }
}
