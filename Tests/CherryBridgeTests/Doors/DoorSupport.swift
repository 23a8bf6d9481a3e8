import CherryBridge
import CherryCore
import Foundation
import Testing

/// An exchange whose id and time are known.
let doorExchange = DoorExchange(id: "x1", created: Date(timeIntervalSince1970: 1_700_000_000), model: "fast")

/// JSON written by hand.
func doorJSON(_ text: String) -> JSONValue {
    do {
        return try JSONValue(parsing: text)
    } catch {
        fatalError("not JSON: \(error) in \(text)")
    }
}

extension BridgeDoor {
    func request(_ text: String) throws -> ChatRequest { try self.request(from: doorJSON(text)) }

    /// A request that asks for a stream or a whole answer, whatever else it says.
    func plainRequest(isStreamed: Bool) throws -> ChatRequest {
        var body = doorJSON(#"{"model":"fast","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}"#)
        if self.api == .openAIResponses { body = doorJSON(#"{"model":"fast","input":"Hi"}"#) }
        body["stream"] = .bool(isStreamed)
        return try self.request(from: body)
    }

    /// The events of a streamed answer, as a tool would read them.
    func stream(_ events: [ChatEvent], as exchange: DoorExchange = doorExchange) throws -> [StreamedEvent] {
        var encoder = self.encoder(for: try self.plainRequest(isStreamed: true), as: exchange)
        var bytes: [UInt8] = []
        for event in events { bytes += encoder.receive(event) }
        bytes += encoder.finish()
        var parser = ServerSentEventParser()
        return try parser.feed(bytes)
    }

    /// A whole answer.
    func whole(_ events: [ChatEvent], as exchange: DoorExchange = doorExchange) throws -> JSONValue {
        var encoder = self.encoder(for: try self.plainRequest(isStreamed: false), as: exchange)
        for event in events { #expect(encoder.receive(event).isEmpty) }
        #expect(encoder.finish().isEmpty)
        return encoder.whole()
    }
}

extension [StreamedEvent] {
    /// Each event's data; those that are no JSON as texts.
    var values: [JSONValue] { self.map { (try? JSONValue(parsing: $0.data)) ?? .string($0.data) } }
}

/// What a door refuses, and where it says so.
func expectRefusal(
    _ door: some BridgeDoor,
    _ body: JSONValue,
    _ field: String,
    _ code: BridgeError.Code,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    do {
        _ = try door.request(from: body)
        Issue.record("taken: \(body.text)", sourceLocation: sourceLocation)
    } catch let error as BridgeError {
        #expect(error.field == field, sourceLocation: sourceLocation)
        #expect(error.code == code, sourceLocation: sourceLocation)
        #expect(error.message.contains("`\(field)`"), sourceLocation: sourceLocation)
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
}
