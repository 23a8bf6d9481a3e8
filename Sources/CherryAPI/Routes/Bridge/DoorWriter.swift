import CherryBridge
import CherryCore

/// Writes one answer in the form of its door: passes the provider's bytes on, or puts events into words.
struct DoorWriter: Sendable {
    private let exchange: Exchange
    /// None where nothing is written here: for an answer that is passed on whole.
    private var encoder: (any AnswerEncoder)?
    private let isPassedOn: Bool
    private var filter: UsageFilter?
    private var gate: EventGate?
    private var isAtEnd = false
    private var hasUsage = false

    init(
        _ exchange: Exchange,
        _ question: GatewayQuestion,
        at door: any BridgeDoor,
        as named: () -> DoorExchange,
        filtersUsage: Bool
    ) throws {
        self.exchange = exchange
        self.isPassedOn = exchange.isPassedOn
        self.filter = self.isPassedOn && filtersUsage ? UsageFilter() : nil
        self.gate = self.isPassedOn && !filtersUsage && question.isStreamed ? EventGate() : nil
        // Of what is passed on only an error is written here, for which the request need not be understood.
        let isWritten = !self.isPassedOn || question.isStreamed
        let request = self.isPassedOn ? ChatRequest(model: question.model, messages: [], isStreamed: true) : nil
        self.encoder = isWritten ? door.encoder(for: try request ?? question.chat(), as: named()) : nil
    }

    /// What a stream says while nothing happens.
    var heartbeat: [UInt8] { self.encoder?.heartbeat ?? [] }

    /// The bytes that come next, possibly none; `nil` after the end.
    mutating func next() async throws -> [UInt8]? {
        guard !self.isAtEnd else { return nil }
        guard let piece = try await self.exchange.next() else {
            self.isAtEnd = true
            return self.isPassedOn ? self.filter?.finish() ?? self.gate?.finish() ?? [] : self.encoder?.finish() ?? []
        }
        guard self.isPassedOn else { return piece.events.flatMap { self.receive($0) } }
        self.encoder?.passedOn(events: piece.streamedEvents)
        return self.filter?.feed(piece.bytes) ?? self.gate?.feed(piece.bytes) ?? piece.bytes
    }

    /// Whether what was written last ends between two events.
    var endsEvent: Bool { self.gate?.endsEvent ?? true }

    /// The whole answer to a request that is not streamed.
    mutating func whole() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await self.exchange.next() {
            if self.isPassedOn {
                bytes += piece.bytes
            } else {
                for event in piece.events { _ = self.receive(event) }
            }
        }
        _ = self.encoder?.finish()
        return self.encoder?.whole().bytes ?? bytes
    }

    private mutating func receive(_ event: ChatEvent) -> [UInt8] {
        switch event {
        case .usage: self.hasUsage = true
        case .finished where !self.hasUsage:
            let estimate = self.exchange.estimate
            self.encoder?.estimate(estimate)
        default: break
        }
        return self.encoder?.receive(event) ?? []
    }

    /// Ends a stream with an error in the door's own form. Half an event that was held back is dropped: nobody could read
    /// it.
    mutating func fail(_ error: BridgeError) -> [UInt8] {
        (self.endsEvent ? [] : Array("\n\n".utf8)) + (self.encoder?.fail(error) ?? [])
    }
}
