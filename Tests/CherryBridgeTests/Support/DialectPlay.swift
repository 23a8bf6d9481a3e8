import CherryCore
import CherryNet
import Foundation
import Testing

@testable import CherryBridge

/// Runs a dialect without a network: what it writes, and what it reads out of bytes in any pieces.
struct DialectPlay {
    /// What was read, and how it ended.
    struct Outcome: Equatable {
        var events: [ChatEvent]
        var error: BridgeError.Code?
    }

    let dialect: any ProviderDialect
    var contentType: String
    var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "Hi")])

    /// Reads an answer that arrives in `pieces`, as the transport would.
    func read(_ pieces: [[UInt8]]) -> Outcome {
        var events: [ChatEvent] = []
        do {
            var framer = try #require(
                self.dialect.framer(contentType: self.contentType, isStreamed: self.request.isStreamed)
            )
            var translator = self.dialect.translator(for: self.request, errors: ProviderErrors(key: nil))
            for piece in pieces where !translator.isDone {
                for event in try framer.feed(piece) { events += try translator.receive(event) }
            }
            if !translator.isDone {
                for event in try framer.finish() { events += try translator.receive(event) }
            }
            guard translator.hasBegun || self.contentType.hasPrefix("text/event-stream") else {
                throw BridgeError(.garbled, message: "What came back is not an answer.")
            }
            events += try translator.finish()
            return Outcome(events: events, error: nil)
        } catch let error as BridgeError {
            return Outcome(events: events, error: error.code)
        } catch {
            Issue.record(error)
            return Outcome(events: events, error: nil)
        }
    }

    /// Reads a whole stream in one piece.
    func read(_ text: String) -> Outcome { self.read([Array(text.utf8)]) }

    /// Expects the same answer from the whole, from every two pieces and from single bytes.
    func expectSameInAnyPieces(_ bytes: [UInt8], _ expected: Outcome, _ location: SourceLocation = #_sourceLocation) {
        #expect(self.read([bytes]) == expected, sourceLocation: location)
        #expect(self.read(bytes.map { [$0] }) == expected, "byte by byte", sourceLocation: location)
        for cut in 0...bytes.count {
            let outcome = self.read([Array(bytes[..<cut]), Array(bytes[cut...])])
            if outcome != expected { Issue.record("split at \(cut): \(outcome)", sourceLocation: location) }
        }
    }

    /// Expects a stream that breaks off at any byte to be the beginning of the same events and then cut off, until what
    /// says that it is whole has arrived.
    ///
    /// - Parameter end: the byte from which on the answer counts as finished.
    func expectCutOff(
        _ bytes: [UInt8],
        of whole: [ChatEvent],
        until end: Int,
        _ location: SourceLocation = #_sourceLocation
    ) {
        for cut in 0..<bytes.count {
            let outcome = self.read([Array(bytes[..<cut])])
            let said = outcome.events.filter { !$0.isLast }
            let isSound =
                cut < end
                ? outcome.error != nil && whole.starts(with: outcome.events)
                : outcome.error == nil && whole.filter { !$0.isLast } == said
            if !isSound { Issue.record("cut at \(cut): \(outcome)", sourceLocation: location) }
        }
    }

    // MARK: Requests

    static let endpoint = ProviderEndpoint(baseURL: "https://api.example.com/v1", key: Secret("secret-key"))

    /// The body that the dialect writes.
    func body(
        _ change: (inout ChatRequest) -> Void,
        to endpoint: ProviderEndpoint = Self.endpoint
    ) throws -> JSONValue {
        var request = self.request
        change(&request)
        return try JSONValue(parsing: #require(self.dialect.chatRequest(request, to: endpoint).body))
    }

    /// Expects a refusal that names `words`.
    func expectRefused(
        _ words: String,
        to endpoint: ProviderEndpoint = Self.endpoint,
        _ location: SourceLocation = #_sourceLocation,
        _ change: (inout ChatRequest) -> Void
    ) {
        var request = self.request
        change(&request)
        do {
            _ = try self.dialect.chatRequest(request, to: endpoint)
            Issue.record("was not refused: \(words)", sourceLocation: location)
        } catch let error as BridgeError {
            #expect(error.code == .unsupported, sourceLocation: location)
            #expect(error.message.contains(words), "\(error.message)", sourceLocation: location)
            #expect(error.message.contains(self.dialect.name), "\(error.message)", sourceLocation: location)
        } catch {
            Issue.record(error, sourceLocation: location)
        }
    }

    /// What the provider's refusal means to the product.
    static func meaning(_ status: Int, _ body: String) -> BridgeError.Code {
        ProviderErrors(key: nil)
            .error(status: status, contentType: "application/json", body: Array(body.utf8), retryAfter: nil).code
    }
}

extension ChatEvent {
    /// Whether it belongs to the end of an answer.
    fileprivate var isLast: Bool {
        switch self {
        case .usage, .finished: true
        default: false
        }
    }
}

/// The value of JSON text that is known to be right.
func json(_ text: String, _ location: SourceLocation = #_sourceLocation) -> JSONValue {
    do {
        return try JSONValue(parsing: text)
    } catch {
        Issue.record(error, sourceLocation: location)
        return .null
    }
}

/// Server-sent events, each with the name that its `type` gives it.
func serverSentEvents(_ data: [String], named: Bool = false) -> String {
    data.map { text in
        let name = named ? json(text)["type"]?.string.map { "event: \($0)\n" } ?? "" : ""
        return "\(name)data: \(text)\n\n"
    }.joined()
}
